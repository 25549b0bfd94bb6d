import StraitJSON

/// A container that writes an object of a message.
struct KeyedLayerEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    let node: LayerNode
    let codingPath: [any CodingKey]

    private func set(_ value: LayerValue, _ key: Key) { node.append(LayerNode(value), key.stringValue) }

    func encodeNil(forKey key: Key) { set(.null, key) }
    func encode(_ value: Bool, forKey key: Key) { set(.bool(value), key) }
    func encode(_ value: String, forKey key: Key) { set(.string(value), key) }
    func encode(_ value: Double, forKey key: Key) { set(.double(value), key) }
    func encode(_ value: Float, forKey key: Key) { set(.double(Double(value)), key) }
    func encode(_ value: Int, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: Int8, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: Int16, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: Int32, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: Int64, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: UInt, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: UInt8, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: UInt16, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: UInt32, forKey key: Key) { set(LayerValue(value), key) }
    func encode(_ value: UInt64, forKey key: Key) { set(LayerValue(value), key) }

    func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        let member = LayerNode()
        try member.encode(value, codingPath: codingPath + [key])
        node.append(member, key.stringValue)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        encoder(key).container(keyedBy: type)
    }

    func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder(key).unkeyedContainer() }
    func superEncoder() -> any Encoder { encoder(JSONKey("super")) }
    func superEncoder(forKey key: Key) -> any Encoder { encoder(key) }

    private func encoder(_ key: some CodingKey) -> LayerEncoder {
        let member = LayerNode()
        node.append(member, key.stringValue)
        return LayerEncoder(member, codingPath: codingPath + [key])
    }
}
