import StraitJSON
import StraitLayers
import StraitNetwork
import StraitWebSocket

/// A consumer with a coder of its own for messages.
protocol CodingConsumer: Consumer {
    var coder: JSONCoder { get }
}

extension JSONConsumer: CodingConsumer {}

extension ConsumerSession {
    /// Sends events of a group with the keys of `coder`; nil if these are the keys that the group has, so that the events can
    /// be forwarded.
    func coding<Event: Codable & Sendable>(_ type: Event.Type, with coder: JSONCoder) -> Reaction? {
        if coder.keys == .unchanged || type == Message.self || type == LayerMessage.self { return nil }
        return .handle { [self] event in
            guard let content = decode(type, event) else { return }
            let json = try coder.encode(content)
            _ = send(Message(.text, validated: try typed(json, type, coder)))
        }
    }

    /// `json` with the type of a `ChannelMessage` in front of its properties. An enum has its type by itself.
    private func typed<Event>(_ json: Bytes, _ type: Event.Type, _ coder: JSONCoder) throws -> Bytes {
        guard let kind = type as? any ChannelMessage.Type, json.span.count >= 2, json.span[0] == UInt8(ascii: "{")
        else {
            return json
        }
        var whole = ByteBuffer(capacity: json.count + kind.type.utf8.count + 12)
        whole.append("{\"type\":" as StaticString)
        whole.append(json: kind.type)
        if json.count > 2 { whole.append(UInt8(ascii: ",")) }
        whole.append(json.span.extracting(1..<json.count))
        return whole.freeze()
    }
}
