/// The decoding container of an object: any object, a message with its `type`, or a case's labels. A case's labels are
/// in the message's own object.
struct JSONKeyedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let document: JSONDocument
    private let object: Int
    private let role: JSONValueDecoder.Role
    private let isSnakeCase: Bool

    init(_ document: JSONDocument, _ object: Int, _ role: JSONValueDecoder.Role, _ facts: TypeFacts) throws {
        guard document.tokens[object].kind == .object else {
            throw document.mismatch(object, "an object", [String: Any].self)
        }
        self.document = document
        self.object = object
        self.role = role
        isSnakeCase = document.coder.keys == .snakeCase && facts.contains(.isClosed)
    }

    var codingPath: [any CodingKey] { document.path(to: object) }

    // MARK: Keys

    /// The name of `key` in the document.
    @inline(__always)
    private func name(_ key: Key) -> String {
        isSnakeCase ? JSONKeyNames.snakeCase(key.stringValue) : key.stringValue
    }

    private func key(_ name: String) -> Key? {
        isSnakeCase ? JSONKeyNames.key(name, Key.self) : Key(stringValue: name)
    }

    /// Whether `key` is the key of a case's only, unlabelled payload.
    @inline(__always)
    private func isPayload(_ key: Key) -> Bool {
        role == .members && key.stringValue == "_0" && TaggedMessage.hasOnePayload(Key.self)
    }

    /// Returns the index of the value of `key`; nil if there is none.
    @inline(__always)
    private func find(_ key: Key) -> Int? {
        document.value(of: isPayload(key) ? TagKey.value : name(key), in: object)
    }

    @inline(__always)
    private func value(_ key: Key) throws -> Int {
        guard let index = find(key) else { throw missing(key) }
        return index
    }

    private func missing(_ key: Key) -> DecodingError {
        document.missing(key, isPayload(key) ? TagKey.value : name(key), in: object)
    }

    /// The object's keys. For an enum, the key of the case that `type` names.
    var allKeys: [Key] {
        guard role == .message else { return knownKeys }
        do {
            var type: String?
            if let index = document.value(of: TagKey.type, in: object), !document.isNull(index) {
                type = try document.string(at: index)
            }
            document.message.type = type
            if let type, let key = key(type) { return [key] }
            // Without a `type`, the message may have Swift's form, whose only key names the case.
            if type == nil, hasOwnType || knownKeys.count == 1 { return knownKeys }
            document.message.failure = UnknownMessageType(type: type, known: allNames)
        } catch {
            document.message.failure = error
        }
        return hasOwnType ? knownKeys : []
    }

    private var knownKeys: [Key] {
        var keys: [Key] = []
        document.forEachMember(of: object) { token, _ in
            if let key = key(document.string(token)) { keys.append(key) }
        }
        return keys
    }

    /// Whether `Key` has a key named `type`, as a struct with such a property has. Then the type is not a tagged enum.
    private var hasOwnType: Bool { Key(stringValue: TagKey.type) != nil }

    /// The names of the type's keys; empty unless they are `CaseIterable`.
    private var allNames: [String] {
        guard let keys = Key.self as? any (CodingKey & CaseIterable).Type else { return [] }
        return names(of: keys)
    }

    private func names<Keys: CodingKey & CaseIterable>(of keys: Keys.Type) -> [String] {
        keys.allCases.map { isSnakeCase ? JSONKeyNames.snakeCase($0.stringValue) : $0.stringValue }
    }

    /// Whether the object has no keys except `type`. Then an optional payload is missing.
    private var isBare: Bool {
        var isBare = true
        document.forEachMember(of: object) { token, _ in
            if !document.isKey(token, TagKey.type) { isBare = false }
        }
        return isBare
    }

    func contains(_ key: Key) -> Bool { isPayload(key) ? !isBare : find(key) != nil }

    func decodeNil(forKey key: Key) throws -> Bool {
        guard isPayload(key) else { return document.isNull(try value(key)) }
        guard let index = find(key), document.isNull(index) else { return false }
        var count = 0
        document.forEachMember(of: object) { _, _ in count += 1 }
        return count == 2
    }

    // MARK: Values

    func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try document.bool(at: value(key)) }
    func decode(_ type: String.Type, forKey key: Key) throws -> String { try document.string(at: value(key)) }
    func decode(_ type: Double.Type, forKey key: Key) throws -> Double { try document.double(at: value(key)) }
    func decode(_ type: Float.Type, forKey key: Key) throws -> Float { try document.float(at: value(key)) }
    func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try document.integer(type, at: value(key)) }
    func decode(_ type: Int8.Type, forKey key: Key) throws -> Int8 { try document.integer(type, at: value(key)) }
    func decode(_ type: Int16.Type, forKey key: Key) throws -> Int16 { try document.integer(type, at: value(key)) }
    func decode(_ type: Int32.Type, forKey key: Key) throws -> Int32 { try document.integer(type, at: value(key)) }
    func decode(_ type: Int64.Type, forKey key: Key) throws -> Int64 { try document.integer(type, at: value(key)) }
    func decode(_ type: Int128.Type, forKey key: Key) throws -> Int128 { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt.Type, forKey key: Key) throws -> UInt { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt8.Type, forKey key: Key) throws -> UInt8 { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt16.Type, forKey key: Key) throws -> UInt16 { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt32.Type, forKey key: Key) throws -> UInt32 { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt64.Type, forKey key: Key) throws -> UInt64 { try document.integer(type, at: value(key)) }
    func decode(_ type: UInt128.Type, forKey key: Key) throws -> UInt128 { try document.integer(type, at: value(key)) }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        guard isPayload(key), !JSONDocument.isWhole(type) else { return try document.decode(type, at: value(key)) }
        return try Value(from: JSONValueDecoder(document, object, .payload))
    }

    // The default implementations look up each key three times.

    private func present(_ key: Key) -> Int? {
        guard let index = find(key), !document.isNull(index) else { return nil }
        return index
    }

    func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? {
        try present(key).map { try document.bool(at: $0) }
    }

    func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? {
        try present(key).map { try document.string(at: $0) }
    }

    func decodeIfPresent(_ type: Double.Type, forKey key: Key) throws -> Double? {
        try present(key).map { try document.double(at: $0) }
    }

    func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? {
        try present(key).map { try document.integer(type, at: $0) }
    }

    func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
        guard isPayload(key), !JSONDocument.isWhole(type) else {
            return try present(key).map { try document.decode(type, at: $0) }
        }
        guard contains(key), try !decodeNil(forKey: key) else { return nil }
        return try decode(type, forKey: key)
    }

    // MARK: Containers

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        if role == .message, let type = document.message.type, type == name(key) {
            let facts = TypeFacts.of(key: Nested.self)
            if facts.contains(.isCase) {
                return KeyedDecodingContainer(try JSONKeyedDecoding<Nested>(document, object, .members, facts))
            }
        }
        return try JSONValueDecoder(document, try member(key), .plain).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try JSONUnkeyedDecoding(document, try member(key))
    }

    func superDecoder() throws -> any Decoder {
        guard let index = document.value(of: "super", in: object) else {
            throw document.missing(JSONKey("super"), "super", in: object)
        }
        return JSONValueDecoder(document, index, .plain)
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        JSONValueDecoder(document, try member(key), .plain)
    }

    /// Returns the index of the value under the name of `key`, even if that is an unlabelled payload's.
    private func member(_ key: Key) throws -> Int {
        guard let index = document.value(of: name(key), in: object) else {
            throw document.missing(key, name(key), in: object)
        }
        return index
    }
}
