public import StraitCore
public import StraitWebSocket

/// The server's side of one WebSocket: Channels' `AsyncWebsocketConsumer`. Override the hooks that you need:
///
/// ```swift
/// final class Echo: WebSocketConsumer {
///     override func receive(_ message: Message) async { send(message) }
/// }
/// ```
open class WebSocketConsumer: Consumer {
    // MARK: Hooks

    /// Handles the handshake: accept it, close it (403), or call ``Consumer/deny(_:)`` with a response. Accepts by
    /// default.
    ///
    /// If an override does none of these, the client waits until the server's `handshakeTimeout` and is rejected with
    /// 503.
    open nonisolated(nonsending) func connect() async throws { accept() }

    /// Receives a text or binary message. By default, calls ``receive(text:)`` or ``receive(bytes:)``.
    ///
    /// To forward messages efficiently, override this method: the text is then not converted to a `String`.
    open nonisolated(nonsending) func receive(_ message: Message) async throws {
        if let text = message.text {
            try await receive(text: text)
        } else {
            try await receive(bytes: message.payload)
        }
    }

    /// Receives a text message. Channels' `receive(text_data=…)`.
    ///
    /// By default, the message is dropped and counted. The first dropped message of each socket is logged.
    open nonisolated(nonsending) func receive(text: String) async throws {
        attached.ignoreMessage("text", override: "receive(text:)")
    }

    /// Receives a binary message. Channels' `receive(bytes_data=…)`.
    ///
    /// By default, the message is dropped and counted. The first dropped message of each socket is logged.
    open nonisolated(nonsending) func receive(bytes: Bytes) async throws {
        attached.ignoreMessage("binary", override: "receive(bytes:)")
    }

    /// Cleans up after the socket has ended for any reason. Called exactly once for every consumer whose ``connect()``
    /// was called.
    open nonisolated(nonsending) func disconnect(_ close: Close) async throws {}

    /// Calls the hook for `event`.
    public final override nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {
        switch event {
        case .receive(let message): try await receive(message)
        case .connect: try await connect()
        case .disconnect(let close): try await disconnect(close)
        }
    }
}
