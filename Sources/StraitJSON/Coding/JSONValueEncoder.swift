package import StraitCore

/// The encoder and the single-value container of a value.
package struct JSONValueEncoder: Encoder {
    let sink: JSONSink
    private let place: Int32
    private let role: JSONValueDecoder.Role

    var level: Int { Int(place) }

    init(_ sink: JSONSink, _ level: Int, _ role: JSONValueDecoder.Role) {
        self.sink = sink
        place = Int32(truncatingIfNeeded: level)
        self.role = role
    }

    package var codingPath: [any CodingKey] { sink.text.path(level) }
    package var userInfo: [CodingUserInfoKey: Any] { sink.coder.userInfo }

    package func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        let facts = TypeFacts.of(key: type)
        let isClosed = facts.contains(.isClosed)
        if role == .payload, !isClosed {
            return KeyedEncodingContainer(JSONKeyedEncoding<Key>(sink, beginPayload(), .plain, facts))
        }
        return KeyedEncodingContainer(JSONKeyedEncoding<Key>(sink, level, isClosed ? role : .plain, facts))
    }

    package func unkeyedContainer() -> any UnkeyedEncodingContainer {
        JSONUnkeyedEncoding(sink, role == .payload ? beginPayload() : level)
    }

    package func singleValueContainer() -> any SingleValueEncodingContainer {
        role == .payload ? JSONValueEncoder(sink, beginPayload(), .plain) : self
    }

    /// Opens a frame for a payload under the key `value`, and returns the frame's level.
    private func beginPayload() -> Int {
        // The payload may request its container several times.
        if sink.text.isOpen(level + 1) { return level + 1 }
        do {
            try sink.text.member(TagKey.value, level)
            try sink.text.open(.key(JSONKey(TagKey.value)))
        } catch {
            sink.text.fail(error)
        }
        return level + 1
    }
}

extension JSONValueEncoder: SingleValueEncodingContainer {
    package func encodeNil() throws {
        try sink.text.begin(level)
        sink.text.bytes.appendJSONNull()
    }

    package func encode(_ value: Bool) throws {
        try sink.text.begin(level)
        sink.text.bytes.append(json: value)
    }

    package func encode(_ value: String) throws {
        try sink.text.begin(level)
        sink.text.bytes.append(json: value)
    }

    package func encode(_ value: Double) throws { try floating(value) }
    package func encode(_ value: Float) throws { try floating(value) }
    package func encode(_ value: Int) throws { try integer(value) }
    package func encode(_ value: Int8) throws { try integer(value) }
    package func encode(_ value: Int16) throws { try integer(value) }
    package func encode(_ value: Int32) throws { try integer(value) }
    package func encode(_ value: Int64) throws { try integer(value) }
    package func encode(_ value: Int128) throws { try integer(value) }
    package func encode(_ value: UInt) throws { try integer(value) }
    package func encode(_ value: UInt8) throws { try integer(value) }
    package func encode(_ value: UInt16) throws { try integer(value) }
    package func encode(_ value: UInt32) throws { try integer(value) }
    package func encode(_ value: UInt64) throws { try integer(value) }
    package func encode(_ value: UInt128) throws { try integer(value) }
    package func encode<Value: Encodable>(_ value: Value) throws { try sink.encode(value, at: level) }

    private func integer(_ value: some FixedWidthInteger) throws {
        try sink.text.begin(level)
        sink.text.bytes.append(json: value)
    }

    private func floating(_ value: some BinaryFloatingPoint & LosslessStringConvertible) throws {
        guard value.isFinite else { throw sink.notFinite(value, level) }
        try sink.text.begin(level)
        sink.text.bytes.append(json: value)
    }

    /// Writes a value as the text that `write` appends.
    package func raw(_ write: (inout ByteBuffer) throws -> Void) throws {
        try sink.text.begin(level)
        try write(&sink.text.bytes)
    }
}

/// The encoding container of an array.
struct JSONUnkeyedEncoding: UnkeyedEncodingContainer {
    private let sink: JSONSink
    private let level: Int

    init(_ sink: JSONSink, _ level: Int) {
        self.sink = sink
        self.level = level
        sink.text.begin(.array, level, isSorted: false)
    }

    var codingPath: [any CodingKey] { sink.text.path(level) }
    var count: Int { sink.text.count(level) }

    func encodeNil() throws {
        try sink.text.element(level)
        sink.text.bytes.appendJSONNull()
    }

    func encode(_ value: Bool) throws {
        try sink.text.element(level)
        sink.text.bytes.append(json: value)
    }

    func encode(_ value: String) throws {
        try sink.text.element(level)
        sink.text.bytes.append(json: value)
    }

    func encode(_ value: Double) throws { try floating(value) }
    func encode(_ value: Float) throws { try floating(value) }
    func encode(_ value: Int) throws { try integer(value) }
    func encode(_ value: Int8) throws { try integer(value) }
    func encode(_ value: Int16) throws { try integer(value) }
    func encode(_ value: Int32) throws { try integer(value) }
    func encode(_ value: Int64) throws { try integer(value) }
    func encode(_ value: Int128) throws { try integer(value) }
    func encode(_ value: UInt) throws { try integer(value) }
    func encode(_ value: UInt8) throws { try integer(value) }
    func encode(_ value: UInt16) throws { try integer(value) }
    func encode(_ value: UInt32) throws { try integer(value) }
    func encode(_ value: UInt64) throws { try integer(value) }
    func encode(_ value: UInt128) throws { try integer(value) }

    func encode<Value: Encodable>(_ value: Value) throws {
        let index = count
        try sink.text.element(level)
        try sink.encode(value, .index(index), level: level)
    }

    private func integer(_ value: some FixedWidthInteger) throws {
        try sink.text.element(level)
        sink.text.bytes.append(json: value)
    }

    private func floating(_ value: some BinaryFloatingPoint & LosslessStringConvertible) throws {
        guard value.isFinite else { throw sink.notFinite(value, level) }
        try sink.text.element(level)
        sink.text.bytes.append(json: value)
    }

    private func child() -> JSONSink {
        let key = JSONKey(count)
        do { try sink.text.element(level) } catch { sink.text.fail(error) }
        return sink.text.child(under: key, level)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        JSONValueEncoder(child(), 0, .plain).container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { JSONUnkeyedEncoding(child(), 0) }
    func superEncoder() -> any Encoder { JSONValueEncoder(child(), 0, .plain) }
}
