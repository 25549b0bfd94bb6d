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

/// A container that writes a single value.
struct SingleLayerEncoding: SingleValueEncodingContainer {
    let node: LayerNode
    let codingPath: [any CodingKey]

    func encodeNil() { node.set(.null) }
    func encode(_ value: Bool) { node.set(.bool(value)) }
    func encode(_ value: String) { node.set(.string(value)) }
    func encode(_ value: Double) { node.set(.double(value)) }
    func encode(_ value: Float) { node.set(.double(Double(value))) }
    func encode(_ value: Int) { node.set(LayerValue(value)) }
    func encode(_ value: Int8) { node.set(LayerValue(value)) }
    func encode(_ value: Int16) { node.set(LayerValue(value)) }
    func encode(_ value: Int32) { node.set(LayerValue(value)) }
    func encode(_ value: Int64) { node.set(LayerValue(value)) }
    func encode(_ value: UInt) { node.set(LayerValue(value)) }
    func encode(_ value: UInt8) { node.set(LayerValue(value)) }
    func encode(_ value: UInt16) { node.set(LayerValue(value)) }
    func encode(_ value: UInt32) { node.set(LayerValue(value)) }
    func encode(_ value: UInt64) { node.set(LayerValue(value)) }
    func encode<Value: Encodable>(_ value: Value) throws { try node.encode(value, codingPath: codingPath) }
}
