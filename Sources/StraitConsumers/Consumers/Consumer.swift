public import StraitHTTP
import StraitJSON
public import StraitNetwork
public import StraitRouting
public import StraitWebSocket

/// What lives as long as one socket does: Channels' `AsyncConsumer`. An instance belongs to one connection and to one
/// event loop; everything in it runs there, one handler after the other, so its properties need no lock.
///
/// Subclass ``WebSocketConsumer`` or ``JSONConsumer``, which have a hook for each kind of event; this class hands over the
/// bare events:
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
    // SAFETY: the session owns this consumer until it calls `detach`, and this is a counted reference from then on. A
    // strong reference before would be counted up and down for every message.
    private var session: Unmanaged<ConsumerSession>?

    /// Makes a consumer, which serves one connection.
    public init() {}

    /// Handles one event. The next one waits until this returns.
    ///
    /// An error that is thrown from here refuses the handshake with 500, or closes the socket with 1011, and is logged. An
    /// ``/StraitRouting/HTTPError`` refuses with its status, and a name that no group can have with 400.
    /// ``StopConsumer`` ends the consumer in order.
    open nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {}

    /// The groups that this consumer is in from before its handshake is looked at until its socket is over; none by default.
    /// Channels' `groups`. What is sent to them goes to the handlers that `on` registered.
    ///
    /// A consumer that is too slow for them is disconnected, as with ``/StraitLayers/SlowConsumerPolicy/disconnect``; join a
    /// ``/StraitLayers/Group`` for another policy. A name that is not valid refuses the handshake with 400, no channel layer
    /// with 500.
    open var groups: [String] { [] }

    /// The name of the channel layer that this consumer uses; Channels' `channel_layer_alias`. A ``/StraitLayers/Group``
    /// names its own.
    open var channelLayerAlias: String { "default" }

    /// The coder that this consumer sends events of groups with; nil to forward them as they are.
    var eventCoder: JSONCoder? { nil }

    /// What is known of the connection: path, headers, route arguments. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// The services of the site.
    public final var services: Services { attached.scope.services }

    /// The log of this consumer. Metadata that is added to it is on each line about this consumer:
    /// `log[metadataKey: "room"] = "\(room)"`.
    public final var log: Log {
        get { attached.log }
        set { attached.log = newValue }
    }

    /// The clock of this consumer's loop; in tests, one that is moved by hand. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

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

    /// Sends `value` as JSON text. An enum's case is under `type`, as with ``JSONConsumer``; for consumers that send JSON and
    /// receive something else, such as bytes.
    ///
    /// - Throws: `EncodingError`.
    @discardableResult
    public final func send(json value: some Encodable) throws -> SendState {
        // The coder's texts are UTF-8.
        send(Message(.text, validated: try JSONCoder.messages.encode(value)))
    }

    /// Closes the socket with `code` and `reason` (123 bytes of UTF-8 at most; what is more is cut off). Before the
    /// handshake is accepted, refuses it with 403.
    ///
    /// A code that no close frame may carry (RFC 6455 §7.4) is replaced by 1011 and logged; those from 4000 to 4999 are
    /// yours to use.
    public final func close(_ code: CloseCode = .normal, reason: String = "") {
        attached.close(code, reason: reason)
    }

    /// How long the peer took to answer the latest ping; nil before the first. A peer is pinged when it was silent for
    /// the server's `pingInterval`.
    public final var latency: Duration? { attached.latency }

    /// Waits until the peer has taken most of what was sent.
    ///
    /// - Throws: `CancellationError` where the socket ends meanwhile.
    public final nonisolated(nonsending) func drained() async throws {
        try await attached.drained()
    }

    // MARK: The session

    /// The session. Before the consumer has a connection, and after its end, one that takes no action and says so in the log.
    final var attached: ConsumerSession {
        guard let session = unsafe session else { return detachedSession() }
        let attached = unsafe session.takeUnretainedValue()
        if !attached.loop.isOnLoop { astray() }
        return attached
    }

    private final func detachedSession() -> ConsumerSession {
        guard let loop = EventLoop.current else { astray() }
        let made = ConsumerSession(of: self, withoutConnectionOn: loop)
        unsafe session = Unmanaged.passRetained(made)
        made.log.error(
            "\(type(of: self)) was used before it had a connection: its scope and socket exist from connect() on.")
        return made
    }

    private final func astray() -> Never {
        preconditionFailure(
            "\(type(of: self)) was used outside of its event loop. Use the consumer that a closure of start, join, on or follow is given, and no capture list. For other work of your own, start() keeps to the loop and Task { } does not."
        )
    }

    @inline(__always)
    final func sendAttached(_ message: Message) -> SendState {
        guard let session = unsafe session else { return detachedSession().send(message) }
        return unsafe session._withUnsafeGuaranteedRef { session in
            if !session.loop.isOnLoop { astray() }
            return session.send(message)
        }
    }

    final func attach(_ attached: ConsumerSession) {
        // One without a connection may be there.
        unsafe session?.release()
        unsafe session = Unmanaged.passUnretained(attached)
    }

    /// Keeps the session that has ended: the consumer may be used by closures that outlive it, without effect.
    final func detach() { _ = unsafe session?.retain() }

    /// The session goes without having ended, as one of a test may.
    final func abandon() { unsafe session = nil }

    deinit {
        // The one that ended, or one without a connection.
        unsafe session?.release()
    }
}

extension ServiceProvider where Self: Consumer {
    /// Runs `work` beside the handlers, on this consumer's loop, and cancels it when the socket ends.
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
    /// An error that it throws is treated as a handler's. `Task { }` would not stay on the loop and does not end with the
    /// socket; the compiler refuses it for whatever captures the consumer. Use the consumer that the closure is given, and
    /// no capture list: Swift 6.3 runs closures with one outside of the loop.
    public func start(_ work: @escaping (Self) async throws -> Void) {
        let consumer = self
        attached.start { try await work(consumer) }
    }
}
