public import StraitCore
public import StraitHTTP
public import StraitJSON
public import StraitWebSocket

/// The application's side of one socket: Channels' `AsyncConsumer`. An instance belongs to one connection and one event
/// loop, and lives until the socket ends. All its handlers run on that loop, one after the other, so its properties
/// need no lock.
///
/// Subclass ``WebSocketConsumer`` or ``JSONConsumer``, which have a hook for each kind of event. This class receives
/// the events themselves:
///
/// ```swift
/// final class Echo: Consumer {
///     override func dispatch(_ event: ConsumerEvent) async {
///         switch event {
///         case .connect: accept()
///         case .receive(let message): send(message)
///         case .disconnect: break
///         }
///     }
/// }
/// ```
@safe open class Consumer: ServiceProvider {
    // SAFETY: until `detach`, the session owns this consumer and therefore outlives it; `detach` then retains the
    // session. A strong reference would be retained and released for every message.
    private var session: Unmanaged<ConsumerSession>?

    /// Creates a consumer, which serves one connection.
    public init() {}

    /// Handles one event. The next event waits until this returns.
    ///
    /// A thrown error rejects the handshake with 500 or closes the socket with 1011, and is logged. An
    /// ``/StraitHTTP/HTTPError`` rejects the handshake with its status, and an invalid group name with 400.
    /// ``StopConsumer`` ends the consumer normally.
    open nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {}

    /// The groups that this consumer joins before `connect` and leaves when its socket ends. Empty by default.
    /// Channels' `groups`. Their events go to the handlers registered with `on`.
    ///
    /// A consumer that falls behind is disconnected, as with ``/StraitLayers/SlowConsumerPolicy/disconnect``. Join a
    /// ``/StraitLayers/Group`` to use another policy. An invalid group name rejects the handshake with 400, and a
    /// missing channel layer with 500.
    open var groups: [String] { [] }

    /// The name of this consumer's channel layer; Channels' `channel_layer_alias`. A ``/StraitLayers/Group`` names its
    /// own layer.
    open var channelLayerAlias: String { "default" }

    /// The coder of ``send(json:)``, of a ``JSONConsumer``'s messages, and of group events that this consumer forwards.
    /// Override it to use keys in snake case or other limits:
    ///
    /// ```swift
    /// override var coder: JSONCoder { .snakeCaseMessages }
    /// ```
    open var coder: JSONCoder { .messages }

    /// The coder for forwarded group events; nil if they are forwarded as they were encoded for the group.
    final var eventCoder: JSONCoder? {
        let coder = coder
        return coder.keys == .unchanged ? nil : coder
    }

    /// The connection's path, headers and route arguments. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// This consumer's log. Metadata added to it appears on every later line about this consumer:
    /// `log[metadataKey: "room"] = "\(room)"`.
    public final var log: Log {
        get { attached.log }
        set { attached.log = newValue }
    }

    /// The clock of this consumer's event loop; in tests, a manual clock. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

    // MARK: Actions

    /// Accepts the handshake, optionally with one of `scope.subprotocols` and with headers for the 101 response.
    public final func accept(subprotocol: String? = nil, headers: HTTPFields = HTTPFields()) {
        attached.accept(subprotocol: subprotocol, headers: headers)
    }

    /// Rejects the handshake with `response`, before the upgrade.
    public final func deny(_ response: Response) {
        attached.deny(response)
    }

    /// Sends a message without waiting. The result says whether the peer keeps up.
    ///
    /// Overloads for an application's own type take precedence, so that `send(.text("hi"))` can mean a case of that
    /// type.
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

    /// Sends `value` as JSON text. An enum's case name is under `type`, as with ``JSONConsumer``. For consumers that
    /// send JSON and receive something else, such as bytes.
    ///
    /// - Throws: `EncodingError`.
    @discardableResult
    public final func send(json value: some Encodable) throws -> SendState {
        // The coder writes valid UTF-8.
        send(Message(.text, validated: try coder.encode(value)))
    }

    /// Closes the socket with `code` and `reason`, which is cut to 123 bytes of UTF-8. Rejects the handshake with 403
    /// if it has not been accepted.
    ///
    /// A code that a close frame must not contain (RFC 6455 §7.4) is replaced by 1011 and logged. Applications can use
    /// the codes 4000 to 4999.
    public final func close(_ code: CloseCode = .normal, reason: String = "") {
        attached.close(code, reason: reason)
    }

    /// The round-trip time of the latest answered ping; nil before the first. The server pings a peer that has been
    /// silent for `pingInterval`.
    public final var latency: Duration? { attached.latency }

    /// Waits until the peer has received most of the sent messages.
    ///
    /// - Throws: `CancellationError` if the socket ends meanwhile.
    public final nonisolated(nonsending) func drained() async throws {
        try await attached.drained()
    }

    // MARK: The session

    /// The session. A consumer without a connection gets a session on which actions have no effect, and the mistake is
    /// logged.
    final var attached: ConsumerSession {
        guard let session = unsafe session else { return detachedSession() }
        let attached = unsafe session.takeUnretainedValue()
        if !attached.loop.isOnLoop { failOffLoop() }
        return attached
    }

    private final func detachedSession() -> ConsumerSession {
        guard let loop = EventLoop.current else { failOffLoop() }
        let made = ConsumerSession(of: self, withoutConnectionOn: loop)
        unsafe session = Unmanaged.passRetained(made)
        made.log.error(
            "\(type(of: self)) was used before it had a connection: its scope and socket exist from connect() on.")
        return made
    }

    private final func failOffLoop() -> Never {
        preconditionFailure(
            """
            \(type(of: self)) was used outside its event loop. In closures passed to start, join, on or follow, use \
            the consumer that the closure receives, and no capture list. For other work, use start(), which stays on \
            the loop, instead of Task { }.
            """
        )
    }

    @inline(__always)
    final func sendAttached(_ message: Message) -> SendState {
        guard let session = unsafe session else { return detachedSession().send(message) }
        return unsafe session._withUnsafeGuaranteedRef { session in
            if !session.loop.isOnLoop { failOffLoop() }
            return session.send(message)
        }
    }

    final func attach(_ attached: ConsumerSession) {
        // A previous use without a connection may have stored a session here.
        unsafe session?.release()
        unsafe session = Unmanaged.passUnretained(attached)
    }

    /// Retains the ended session, because closures that run later may still use the consumer. Their actions have no
    /// effect.
    final func detach() { _ = unsafe session?.retain() }

    /// Clears the reference to a session that is deallocated before it ended, as can happen in tests.
    final func abandon() { unsafe session = nil }

    deinit {
        // Either the ended session, or one without a connection.
        unsafe session?.release()
    }
}

extension ServiceProvider where Self: Consumer {
    /// Runs `work` concurrently with the handlers, on this consumer's loop, and cancels it when the socket ends.
    ///
    /// ```swift
    /// start { feed in
    ///     while true {
    ///         try await feed.clock.sleep(for: .seconds(1))
    ///         feed.send(text: "tick")
    ///     }
    /// }
    /// ```
    ///
    /// An error thrown by `work` is treated like an error of a handler. Don't use `Task { }` instead: it neither stays
    /// on the loop nor ends with the socket. The compiler rejects it if it captures the consumer.
    ///
    /// Use the consumer that the closure receives, and don't use a capture list. Swift 6.3 runs closures with a capture
    /// list outside the loop.
    public func start(_ work: @escaping (Self) async throws -> Void) {
        let consumer = self
        attached.start { try await work(consumer) }
    }
}

/// An event in a consumer's life, in order of occurrence. Channels' `websocket.connect`, `websocket.receive` and
/// `websocket.disconnect`.
public enum ConsumerEvent: Sendable {
    /// The handshake arrived and has not been answered.
    case connect
    /// A whole message arrived.
    case receive(Message)
    /// The socket has ended. This is always the last event, and occurs exactly once.
    case disconnect(Close)
}
