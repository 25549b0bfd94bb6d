package import StraitLayers
public import StraitWebSocket

/// The form of a WebSocket message on a channel layer: `{"type": "websocket.send", "text": …}`, or `bytes` instead of
/// `text`. Receiving consumers send it to their sockets unchanged.
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
                """
                A \(message.type ?? "message") has neither text nor bytes, so it cannot be sent to a socket. Give it \
                one of them.
                """
            )
        }
    }
}

extension Message: Codable {
    /// Decodes the message from its channel layer form.
    public init(from decoder: any Decoder) throws { try self.init(LayerMessage(from: decoder)) }
    /// Encodes the message in its channel layer form.
    public func encode(to encoder: any Encoder) throws { try layerMessage.encode(to: encoder) }
}
