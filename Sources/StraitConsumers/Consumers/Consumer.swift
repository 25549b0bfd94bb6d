public import StraitNetwork
public import StraitRouting
import StraitWebSocket

/// What lives as long as one socket does: Channels' `AsyncConsumer`. An instance belongs to one connection and to one
/// event loop; everything in it runs there, one handler after the other, so its properties need no lock.
///
/// Subclass ``WebSocketConsumer`` or ``JSONConsumer`` for sockets; this class hands over the bare events.
@safe open class Consumer {
    // Sound: the session owns this consumer and calls `detach` before it lets go, so that whoever runs in the consumer
    // while this is set runs below the session. A strong reference would be counted up and down for every message.
    private var session: Unmanaged<ConsumerSession>?

    /// A consumer is made anew for every connection.
    public required init() {}

    /// Handles one event. The next one waits until this returns.
    ///
    /// An error that is thrown from here refuses the handshake with 500, or closes the socket with 1011, and is logged.
    /// ``StopConsumer`` ends the consumer in order.
    open nonisolated(nonsending) func dispatch(_ event: ConsumerEvent) async throws {}

    /// What is known of the connection: path, headers, route arguments. Channels' `self.scope`.
    public final var scope: Scope { attached.scope }

    /// Where this consumer and the framework say what happened.
    public final var log: Log { attached.log }

    /// The clock of this consumer's loop; in tests, one that is moved by hand. Prefer it to `Task.sleep`.
    public final var clock: LoopClock { LoopClock(loop: attached.loop) }

    /// Runs `work` beside the handlers, on this consumer's loop, and cancels it when the socket ends.
    ///
    /// An error that it throws is treated as a handler's. `Task { }` would not stay on the loop and does not end with
    /// the socket; the compiler refuses it for whatever captures the consumer.
    public final func start(_ work: @escaping () async throws -> Void) {
        attached.start(work)
    }

    /// The session, for as long as the consumer has one.
    final var attached: ConsumerSession {
        guard let session = unsafe session else { unattached() }
        return unsafe session.takeUnretainedValue()
    }

    private final func unattached() -> Never {
        preconditionFailure(
            "\(type(of: self)) has no connection: its scope and socket exist from connect() to the end of disconnect()."
        )
    }

    @inline(__always)
    final func sendAttached(_ message: Message) -> SendState {
        guard let session = unsafe session else { unattached() }
        return unsafe session._withUnsafeGuaranteedRef { $0.send(message) }
    }

    final func attach(_ session: ConsumerSession) { unsafe self.session = Unmanaged.passUnretained(session) }
    final func detach() { unsafe session = nil }
}
