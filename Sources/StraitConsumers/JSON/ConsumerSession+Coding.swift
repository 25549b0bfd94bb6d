import StraitJSON
import StraitLayers
import StraitNetwork
import StraitWebSocket

extension ConsumerSession {
    /// Sends events of a group with the keys of `coder`; nil for events that are forwarded as they are.
    func coding<Event: Codable & Sendable>(_ type: Event.Type, with coder: JSONCoder) -> Reaction? {
        if type == Message.self || type == LayerMessage.self { return nil }
        // No capture list: an async closure with one would not run on the event loop.
        let session = self
        return .handle { event in
            guard let content = session.decode(type, event) else { return }
            let json = try coder.encode(content)
            _ = session.send(Message(.text, validated: session.typed(json, type)))
        }
    }

    /// `json` with the type of a `ChannelMessage` in front of its properties. An enum has its type by itself.
    private func typed<Event>(_ json: Bytes, _ type: Event.Type) -> Bytes {
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
