import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket

/// A consumer that runs a test's closures, and records its hooks and its release.
final class Probe: WebSocketConsumer {
    private var journal = Journal()
    private var onConnect: (@Sendable (Probe) async throws -> Void)?
    private var onReceive: (@Sendable (Probe, Message) async throws -> Void)?
    private var onDisconnect: (@Sendable (Probe) async throws -> Void)?

    convenience init(
        _ journal: Journal, connect: (@Sendable (Probe) async throws -> Void)? = nil,
        receive: (@Sendable (Probe, Message) async throws -> Void)? = nil,
        disconnect: (@Sendable (Probe) async throws -> Void)? = nil
    ) {
        self.init()
        self.journal = journal
        onConnect = connect
        onReceive = receive
        onDisconnect = disconnect
    }

    deinit { journal.note("gone") }

    func note(_ line: String) { journal.note(line) }

    override func connect() async throws {
        journal.note("connect")
        if let onConnect { try await onConnect(self) } else { try await super.connect() }
    }

    override func receive(_ message: Message) async throws {
        let size = message.payload.count
        journal.note("receive " + (size > 100 ? "\(size) bytes" : message.text ?? "\(Array(message.payload))"))
        if let onReceive { try await onReceive(self, message) } else { send(message) }
    }

    override func disconnect(_ close: Close) async throws {
        journal.note(
            "disconnect \(close.code)" + (close.reason.isEmpty ? "" : " \(close.reason)")
                + (close.wasClean ? "" : " unclean"))
        try await onDisconnect?(self)
    }
}

extension ServerScript {
    /// Serves a ``Probe`` at `/ws/` and a page at `/`.
    func serveSocket(
        configure: (inout ServerConfiguration) -> Void = { _ in },
        connect: (@Sendable (Probe) async throws -> Void)? = nil,
        receive: (@Sendable (Probe, Message) async throws -> Void)? = nil,
        disconnect: (@Sendable (Probe) async throws -> Void)? = nil
    ) throws {
        let journal = journal
        serve(
            try URLRouter {
                path(
                    "ws/",
                    Probe(journal, connect: connect, receive: receive, disconnect: disconnect))
                path("") { _ in .text("page") }
            }, configure: configure)
    }

    /// The application's records, without the releases of consumers.
    var lines: [String] { journal.lines.filter { $0 != "gone" } }
}
