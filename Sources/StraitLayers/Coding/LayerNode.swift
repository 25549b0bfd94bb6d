internal import FoundationEssentials
import StraitJSON
import StraitNetwork

/// A value that is being encoded. A class, because the containers that an encoder hands out fill it in any order.
final class LayerNode {
    private enum Content {
        case value(LayerValue)
        case object([(key: String, node: LayerNode)])
        case array([LayerNode])
    }

    private var content = Content.value(.null)

    init() {}

    init(_ value: LayerValue) { content = .value(value) }

    /// What was encoded so far; null where nothing was.
    var value: LayerValue {
        switch content {
        case .value(let value): value
        case .object(let members): .object(LayerMessage(members.map { ($0.key, $0.node.value) }))
        case .array(let nodes): .array(nodes.map(\.value))
        }
    }

    func set(_ value: LayerValue) { content = .value(value) }

    /// An encoder may ask for the same container twice, and fill both.
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
        // As JSON has them: a consumer that gets the message as it is reads the same as one that is sent it.
        case let value as Date:
            guard let text = JSONDate.text(value) else {
                // Not the date itself: to print one far out of range is fatal.
                throw EncodingError.invalidValue(
                    value.timeIntervalSinceReferenceDate,
                    EncodingError.Context(
                        codingPath: codingPath,
                        debugDescription: "A date lies in the years 1 to 9999; this one does not."))
            }
            set(.string(text))
        case let value as Data: set(.string(value.base64EncodedString()))
        case let value as URL: set(.string(value.absoluteString))
        default: try value.encode(to: LayerEncoder(self, codingPath: codingPath))
        }
    }
}

extension LayerValue {
    /// A whole number, whatever its width.
    init(_ number: some FixedWidthInteger) {
        if let number = Int(exactly: number) { self = .int(number) } else { self = .unsigned(UInt64(number)) }
    }
}
