import StraitConsumers
import StraitWebSocket
import Synchronization

/// A consumer in a module without the `NonisolatedNonsendingByDefault` feature. Its hooks need no annotations.
public final class PlainConsumer: WebSocketConsumer {
    /// Returns whether the calling thread is the loop's.
    public static let probe = Mutex<@Sendable () -> Bool>({ false })
    /// A closure that receives each hook's name and the answer of ``probe``.
    public var note: (String) -> Void = { _ in }

    override public func connect() async {
        answer("connect")
        await helper()
        accept()
    }

    override public func receive(_ message: Message) async throws {
        answer("receive")
        await helper()
        send(message)
    }

    override public func disconnect(_ close: Close) async {
        answer("disconnect")
    }

    /// Without the feature, the compiler requires `nonisolated(nonsending)` for an asynchronous helper that stays on
    /// the caller's actor.
    private nonisolated(nonsending) func helper() async {
        answer("helper")
    }

    private func answer(_ hook: String) {
        note("\(hook) \(Self.probe.withLock { $0() })")
    }
}
