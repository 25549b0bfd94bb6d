internal import StraitCore

/// The encoding container of an object: any object, a message with its `type`, a case's labels, or a payload beside its
/// `type`. The last three share the message's object.
struct JSONKeyedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let sink: JSONSink
    private let level: Int
    private let role: JSONValueDecoder.Role
    private let isSnakeCase: Bool

    init(_ sink: JSONSink, _ level: Int, _ role: JSONValueDecoder.Role, _ facts: TypeFacts) {
        self.sink = sink
        self.level = level
        self.role = role
        isSnakeCase = sink.coder.keys == .snakeCase && facts.contains(.isClosed)
        sink.text.begin(.object, level, isSorted: sink.coder.sortsKeys || DictionaryKeys.isKey(Key.self))
    }

    var codingPath: [any CodingKey] { sink.text.path(level) }

    @inline(__always)
    private func name(_ key: Key) -> String {
        isSnakeCase ? JSONKeyNames.snakeCase(key.stringValue) : key.stringValue
    }

    /// Whether `key` is the key of a case's only, unlabelled payload.
    @inline(__always)
    private func isPayload(_ key: Key) -> Bool {
        role == .members && key.stringValue == "_0" && TaggedMessage.hasOnePayload(Key.self)
    }

    /// Starts the value of `key`.
    @inline(__always)
    private func member(_ key: Key) throws {
        if role == .plain { return try sink.text.member(name(key), level) }
        try sink.text.member(isPayload(key) ? TagKey.value : checked(key), level)
    }

    /// Returns the name of `key`. Throws an error for `type`, which is reserved for the name of the message's case.
    private func checked(_ key: Key) throws -> String {
        let name = name(key)
        guard role != .message, name == TagKey.type else { return name }
        throw sink.text.invalid(
            name, level,
            "The payload's key 'type' conflicts with the key for the message's name. Rename it with a coding key, or "
                + "give the payload a label.")
    }

    func encodeNil(forKey key: Key) throws {
        try member(key)
        sink.text.bytes.appendJSONNull()
    }

    func encode(_ value: Bool, forKey key: Key) throws {
        try member(key)
        sink.text.bytes.append(json: value)
    }

    func encode(_ value: String, forKey key: Key) throws {
        try member(key)
        sink.text.bytes.append(json: value)
    }

    func encode(_ value: Double, forKey key: Key) throws { try floating(value, key) }
    func encode(_ value: Float, forKey key: Key) throws { try floating(value, key) }
    func encode(_ value: Int, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int8, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int16, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int32, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int64, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: Int128, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt8, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt16, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt32, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt64, forKey key: Key) throws { try integer(value, key) }
    func encode(_ value: UInt128, forKey key: Key) throws { try integer(value, key) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        if isPayload(key), !JSONDocument.isWhole(Value.self) {
            try value.encode(to: JSONValueEncoder(sink, level, .payload))
            return try sink.text.close(to: level)
        }
        try member(key)
        try sink.encode(value, .key(key), level: level)
    }

    private func integer(_ value: some FixedWidthInteger, _ key: Key) throws {
        try member(key)
        sink.text.bytes.append(json: value)
    }

    private func floating(_ value: some BinaryFloatingPoint & LosslessStringConvertible, _ key: Key) throws {
        guard value.isFinite else { throw sink.notFinite(value, level, key) }
        try member(key)
        sink.text.bytes.append(json: value)
    }

    // MARK: Containers

    private func child(_ key: any CodingKey, _ begin: () throws -> Void) -> JSONSink {
        do { try begin() } catch { sink.text.fail(error) }
        return sink.text.child(under: key, level)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        if role == .message {
            let facts = TypeFacts.of(key: type)
            if facts.contains(.isCase), sink.isEnum || !isOwn(Key.self) {
                do { try sink.text.member(TagKey.type, level) } catch { sink.text.fail(error) }
                sink.text.bytes.append(json: name(key))
                return KeyedEncodingContainer(JSONKeyedEncoding<Nested>(sink, level, .members, facts))
            }
        }
        return JSONValueEncoder(child(key) { try member(key) }, 0, .plain).container(keyedBy: type)
    }

    /// Whether the message's type declares `keys` and is not an enum. Then its nested containers are not cases. A
    /// struct that encodes itself as a nested enum uses the enum's keys.
    private func isOwn(_ keys: Any.Type) -> Bool {
        String(reflecting: keys).hasPrefix(String(reflecting: sink.messageType) + ".")
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        JSONUnkeyedEncoding(child(key) { try member(key) }, 0)
    }

    func superEncoder() -> any Encoder {
        let key = JSONKey("super")
        return JSONValueEncoder(child(key) { try sink.text.member(key.stringValue, level) }, 0, .plain)
    }

    func superEncoder(forKey key: Key) -> any Encoder {
        JSONValueEncoder(child(key) { try member(key) }, 0, .plain)
    }
}
