import StraitConsumers
import StraitWebSocket
import Synchronization

/// A consumer of a module without the `NonisolatedNonsendingByDefault` feature: its hooks are spelled as one would.
public final class PlainConsumer: WebSocketConsumer {
    /// Says whether the calling thread is the loop's.
    public static let probe = Mutex<@Sendable () -> Bool>({ false })
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

    /// Without the feature an asynchronous helper has to say that it stays where it is called; the compiler insists.
    private nonisolated(nonsending) func helper() async {
        answer("helper")
    }

    private func answer(_ hook: String) {
        note("\(hook) \(Self.probe.withLock { $0() })")
    }
}
