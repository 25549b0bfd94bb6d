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
