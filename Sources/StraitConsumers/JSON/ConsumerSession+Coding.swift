import StraitJSON
import StraitLayers
import StraitNetwork
import StraitWebSocket

extension ConsumerSession {
    /// Returns a reaction that encodes events of a group with `coder` and sends them. Returns nil for messages, which
    /// are forwarded unchanged.
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

    /// Adds the type of a `ChannelMessage` to `json`, before its properties. The JSON of an enum already has a type.
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
