public import StraitHTTP
public import StraitNetwork
public import StraitRouting
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

    /// The handshake arrived. Accept it, close (403), or ``deny(_:)`` it with a response of your own. Accepts by default.
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

    /// A text message arrived. Channels' `receive(text_data=…)`.
    open nonisolated(nonsending) func receive(text: String) async throws {}

    /// A binary message arrived. Channels' `receive(bytes_data=…)`.
    open nonisolated(nonsending) func receive(bytes: Bytes) async throws {}

    /// The socket is over. Called exactly once for every consumer whose ``connect()`` was called, whatever ended it.
    open nonisolated(nonsending) func disconnect(_ close: Close) async throws {}

    public final override nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {
        switch event {
        case .receive(let message): try await receive(message)
        case .connect: try await connect()
        case .disconnect(let close): try await disconnect(close)
        }
    }

    // MARK: Actions

    /// Accepts the handshake, with one of the `scope.subprotocols` and with headers for the 101 response if you like.
    public final func accept(subprotocol: String? = nil, headers: HTTPFields = HTTPFields()) {
        attached.accept(subprotocol: subprotocol, headers: headers)
    }

    /// Refuses the handshake with `response`, before the upgrade.
    public final func deny(_ response: Response) {
        attached.deny(response)
    }

    /// Sends a message. It does not wait: the result says whether the peer keeps up.
    ///
    /// Overloads for an application's own type come first, so that `send(.text("hi"))` may mean a case of it.
    @discardableResult
    @_disfavoredOverload
    public final func send(_ message: Message) -> SendState {
        sendAttached(message)
    }

    /// Sends a text message.
    @discardableResult
    public final func send(text: String) -> SendState {
        send(Message(text: text))
    }

    /// Sends a binary message.
    @discardableResult
    public final func send(bytes: Bytes) -> SendState {
        send(Message(binary: bytes))
    }

    /// Closes the socket with `code` and `reason` (123 bytes of UTF-8 at most; what is more is cut off). Before the
    /// handshake is accepted, refuses it with 403.
    public final func close(_ code: CloseCode = .normal, reason: String = "") {
        attached.close(code, reason: reason)
    }

    /// How long the peer took to answer the server's latest ping; nil before the first. Only silent peers are pinged.
    public final var latency: Duration? { attached.latency }

    /// Waits until the peer has taken most of what was sent.
    ///
    /// - Throws: `CancellationError` where the socket ends meanwhile.
    public final nonisolated(nonsending) func drained() async throws {
        try await attached.drained()
    }
}
