public import StraitNetwork
public import StraitWebSocket

/// The server's side of one WebSocket: Channels' `AsyncWebsocketConsumer`. Override what you need:
///
/// ```swift
/// final class Echo: WebSocketConsumer {
///     override func receive(_ message: Message) async { send(message) }
/// }
/// ```
open class WebSocketConsumer: Consumer {
    // MARK: Hooks

    /// The handshake arrived. Accept it, close (403), or ``Consumer/deny(_:)`` it with a response of your own. Accepts by
    /// default.
    ///
    /// An override that does none of these leaves the client waiting until the server's `handshakeTimeout` refuses it with
    /// 503.
    open nonisolated(nonsending) func connect() async throws { accept() }

    /// A message arrived, text or binary. Hands it to ``receive(text:)`` or ``receive(bytes:)`` by default.
    ///
    /// A message that is only passed on is cheapest as it is: its text need not become a `String`.
    open nonisolated(nonsending) func receive(_ message: Message) async throws {
        if let text = message.text {
            try await receive(text: text)
        } else {
            try await receive(bytes: message.payload)
        }
    }

    /// Receives a text message. Channels' `receive(text_data=…)`.
    ///
    /// By default the message is dropped and counted, and the first one of a socket is logged.
    open nonisolated(nonsending) func receive(text: String) async throws {
        attached.ignoreMessage("text", override: "receive(text:)")
    }

    /// Receives a binary message. Channels' `receive(bytes_data=…)`.
    ///
    /// By default the message is dropped and counted, and the first one of a socket is logged.
    open nonisolated(nonsending) func receive(bytes: Bytes) async throws {
        attached.ignoreMessage("binary", override: "receive(bytes:)")
    }

    /// The socket is over. Called exactly once for every consumer whose ``connect()`` was called, whatever ended it.
    open nonisolated(nonsending) func disconnect(_ close: Close) async throws {}

    public final override nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {
        switch event {
        case .receive(let message): try await receive(message)
        case .connect: try await connect()
        case .disconnect(let close): try await disconnect(close)
        }
    }
}
