package import StraitLayers
public import StraitWebSocket

/// A message of a socket travels over a channel layer as `{"type": "websocket.send", "text": …}` or with `bytes`: whoever
/// gets it there sends it to its socket as it is.
extension Message: LayerMessageConvertible {
    package var layerMessage: LayerMessage {
        let kind: LayerMessage = ["type": .string(LayerEvent.rawType)]
        var message = kind
        if let text { message["text"] = .string(text) } else { message["bytes"] = .bytes(payload) }
        return message
    }

    package init(_ message: LayerMessage) throws {
        if let text = message["text"]?.string {
            self.init(text: text)
        } else if let bytes = message["bytes"]?.bytes {
            self.init(binary: bytes)
        } else {
            throw LayerError.invalidMessage(
                "A \(message.type ?? "message") without text and bytes is none that a socket could have. Give it one of them."
            )
        }
    }
}

extension Message: Codable {
    public init(from decoder: any Decoder) throws { try self.init(LayerMessage(from: decoder)) }
    public func encode(to encoder: any Encoder) throws { try layerMessage.encode(to: encoder) }
}
