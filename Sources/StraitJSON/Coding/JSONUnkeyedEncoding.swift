internal import StraitNetwork

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
