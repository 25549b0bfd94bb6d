/// An encoder that makes messages from `Encodable` values. Their shape is the same as in JSON, except that integers and
/// bytes are distinct types.
struct LayerEncoder: Encoder {
    let node: LayerNode
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ node: LayerNode = LayerNode(), codingPath: [any CodingKey] = []) {
        self.node = node
        self.codingPath = codingPath
    }

    /// Encodes `value` as part of a message.
    static func value(of value: some Encodable) throws -> LayerValue {
        let node = LayerNode()
        try node.encode(value, codingPath: [])
        return node.value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        node.becomeObject()
        return KeyedEncodingContainer(KeyedLayerEncoding(node: node, codingPath: codingPath))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        node.becomeArray()
        return UnkeyedLayerEncoding(node: node, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        SingleLayerEncoding(node: node, codingPath: codingPath)
    }
}
