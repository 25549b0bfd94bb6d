import StraitCore
import StraitTesting

@testable import StraitRedis

/// An in-memory Redis server that replies only when a test says so, on a manual clock.
///
/// SAFETY: `@unchecked Sendable` is sound because all mutable state is accessed only on the loop.
final class ScriptedRedis: RedisDialer, @unchecked Sendable {
    let clock = ManualClock()
    /// The commands that it received, and the link's events.
    let journal = Journal()
    /// The response to connection attempts.
    enum Mode { case accepts, refuses, ignores }
    private var mode = Mode.accepts
    private var connections: [Connection] = []

    var loop: EventLoop { clock.group.loops[0] }

    /// Runs `body` on the loop, and returns when the loop is idle.
    func step(_ body: @escaping @Sendable () -> Void) async {
        await loop.perform(body)
        await clock.idle()
    }

    func set(_ mode: Mode) async { await step { [self] in self.mode = mode } }

    /// Sends `reply` unchanged on the latest connection.
    func say(_ reply: String) async { await step { [self] in connections.last?.stream?.write(Bytes(reply)) } }

    /// Answers the handshake of a client without a password or database.
    func greet(_ number: Int = 7) async {
        await say("%1\r\n+id\r\n:\(number)\r\n")
        await say("+OK\r\n")
    }

    /// Aborts the latest connection.
    func cut() async { await step { [self] in connections.last?.stream?.abort() } }

    func dial(
        _ endpoint: RedisAddress.Endpoint, on loop: EventLoop, timeout: Duration,
        _ done: @escaping (Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void
    ) -> () -> Void {
        var done: ((Result<(stream: any ByteStream, open: () -> Void), RedisFailure>) -> Void)? = done
        journal.note("dial")
        loop.run(after: .zero) { [self] in
            let call = done
            done = nil
            switch mode {
            case .refuses: call?(.failure(.unavailable("Nobody listens.")))
            case .ignores: break
            case .accepts: accept { call?(.success(($0, $1))) }
            }
        }
        return { [self] in
            journal.note("dial given up")
            done = nil
        }
    }

    private func accept(_ done: @escaping (any ByteStream, @escaping () -> Void) -> Void) {
        let place = (loop, SocketAddress.unix(path: "redis"))
        let ends = MemoryStream.pair(client: place, server: place, conditions: NetworkConditions())
        let connection = Connection(journal)
        connections.append(connection)
        // SAFETY: everything is accessed on one loop.
        nonisolated(unsafe) let call = done
        nonisolated(unsafe) let server = connection
        ends.server.perform(after: .zero) { stream in
            unsafe server.stream = stream
            unsafe stream.attach(server)
            stream.open()
        }
        ends.client.perform(after: .zero) { stream in unsafe call(stream) { stream.open() } }
    }

    /// The server's end of a connection. It records the commands that it reads.
    private final class Connection: StreamOwner {
        var stream: (any ByteStream)?
        private var reader = ReplyReader(limits: ReplyLimits())
        private let journal: Journal

        init(_ journal: Journal) { self.journal = journal }

        func received(_ bytes: Span<UInt8>) {
            var position = 0
            // A client sends arrays of strings.
            while case .reply(let command)? = try? reader.next(bytes, &position) {
                journal.note((command.elements ?? []).compactMap(\.string).joined(separator: " "))
            }
        }

        func peerFinished() { stream?.abort() }
        func peerHungUp(hasUnread: Bool) {}
        func wrote(_ count: Int) {}
        func drained() {}
        func closed(_ error: TransportError?) {
            journal.note("closed")
            stream = nil
        }
    }
}
