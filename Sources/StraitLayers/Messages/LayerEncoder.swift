internal import FoundationEssentials
import StraitCore
import StraitJSON

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

/// A value that is being encoded. It is a class, because an encoder's containers fill it in any order.
final class LayerNode {
    private enum Content {
        case value(LayerValue)
        case object([(key: String, node: LayerNode)])
        case array([LayerNode])
    }

    private var content = Content.value(.null)

    init() {}

    init(_ value: LayerValue) { content = .value(value) }

    /// The value encoded so far; null if there is none.
    var value: LayerValue {
        switch content {
        case .value(let value): value
        case .object(let members): .object(LayerMessage(members.map { ($0.key, $0.node.value) }))
        case .array(let nodes): .array(nodes.map(\.value))
        }
    }

    func set(_ value: LayerValue) { content = .value(value) }

    /// Makes the node an object. Keeps its members if it is one already, because an encoder may request the same
    /// container twice.
    func becomeObject() {
        if case .object = content { return }
        content = .object([])
    }

    func becomeArray() {
        if case .array = content { return }
        content = .array([])
    }

    var count: Int {
        if case .array(let nodes) = content { nodes.count } else { 0 }
    }

    func append(_ node: LayerNode, _ key: String) {
        guard case .object(var members) = content else { return }
        content = .value(.null)
        members.append((key, node))
        content = .object(members)
    }

    func append(_ node: LayerNode) {
        guard case .array(var nodes) = content else { return }
        content = .value(.null)
        nodes.append(node)
        content = .array(nodes)
    }

    func encode(_ value: some Encodable, codingPath: [any CodingKey]) throws {
        switch value {
        case let value as LayerValue: set(value)
        case let value as LayerMessage: set(.object(value))
        case let value as Bytes: set(.bytes(value))
        // The same representation as in JSON, so that consumers and browsers read the same value.
        case let value as Date:
            guard let text = JSONDate.text(value) else {
                // The error holds a number, not the date itself: printing a date far out of range crashes.
                throw EncodingError.invalidValue(
                    value.timeIntervalSinceReferenceDate,
                    EncodingError.Context(
                        codingPath: codingPath,
                        debugDescription: "The date is outside the years 1 to 9999."))
            }
            set(.string(text))
        case let value as Data: set(.string(value.base64EncodedString()))
        case let value as URL: set(.string(value.absoluteString))
        default: try value.encode(to: LayerEncoder(self, codingPath: codingPath))
        }
    }
}

extension LayerValue {
    /// Creates an integer value from an integer of any width.
    init(_ number: some FixedWidthInteger) {
        if let number = Int(exactly: number) { self = .int(number) } else { self = .unsigned(UInt64(number)) }
    }
}
