import StraitJSON

/// A container that writes an array of a message.
struct UnkeyedLayerEncoding: UnkeyedEncodingContainer {
    let node: LayerNode
    let codingPath: [any CodingKey]

    var count: Int { node.count }

    private func add(_ value: LayerValue) { node.append(LayerNode(value)) }

    func encodeNil() { add(.null) }
    func encode(_ value: Bool) { add(.bool(value)) }
    func encode(_ value: String) { add(.string(value)) }
    func encode(_ value: Double) { add(.double(value)) }
    func encode(_ value: Float) { add(.double(Double(value))) }
    func encode(_ value: Int) { add(LayerValue(value)) }
    func encode(_ value: Int8) { add(LayerValue(value)) }
    func encode(_ value: Int16) { add(LayerValue(value)) }
    func encode(_ value: Int32) { add(LayerValue(value)) }
    func encode(_ value: Int64) { add(LayerValue(value)) }
    func encode(_ value: UInt) { add(LayerValue(value)) }
    func encode(_ value: UInt8) { add(LayerValue(value)) }
    func encode(_ value: UInt16) { add(LayerValue(value)) }
    func encode(_ value: UInt32) { add(LayerValue(value)) }
    func encode(_ value: UInt64) { add(LayerValue(value)) }

    func encode<Value: Encodable>(_ value: Value) throws {
        let element = LayerNode()
        try element.encode(value, codingPath: codingPath + [JSONKey(count)])
        node.append(element)
    }

    func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
        encoder().container(keyedBy: type)
    }

    func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder().unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder() }

    private func encoder() -> LayerEncoder {
        let element = LayerNode()
        let path = codingPath + [JSONKey(count)]
        node.append(element)
        return LayerEncoder(element, codingPath: path)
    }
}
