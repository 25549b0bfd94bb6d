import StraitConsumers
import StraitTesting
import StraitWebSocket

/// A consumer that calls a test's closures and notes its hooks.
final class ScriptedConsumer: WebSocketConsumer {
    var journal = Journal()
    var onConnect: ((ScriptedConsumer) async throws -> Void)?
    var onReceive: ((ScriptedConsumer, String) async throws -> Void)?
    var onDisconnect: ((ScriptedConsumer, Close) async throws -> Void)?

    override func connect() async throws {
        journal.note("connect")
        if let onConnect { try await onConnect(self) } else { try await super.connect() }
    }

    override func receive(_ message: Message) async throws {
        let text = message.text ?? "\(message.payload)"
        journal.note("receive \(text)")
        try await onReceive?(self, text)
    }

    override func disconnect(_ close: Close) async throws {
        journal.note("disconnect \(close.code)" + (close.wasClean ? "" : " unclean"))
        try await onDisconnect?(self, close)
    }
}
