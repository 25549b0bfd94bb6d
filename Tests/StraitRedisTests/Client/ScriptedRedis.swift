import StraitNetwork
import StraitTesting

@testable import StraitRedis

/// A Redis server made of memory, which answers when a test says so, on a clock that is moved by hand.
///
/// `@unchecked Sendable` is sound because everything that changes is touched on the loop alone.
final class ScriptedRedis: RedisDialer, @unchecked Sendable {
    let clock = ManualClock()
    /// What was asked of it, and what was said about it.
    let journal = Journal()
    /// Whether connections are answered to.
    enum Mode { case accepts, refuses, ignores }
    private var mode = Mode.accepts
    private var connections: [Connection] = []

    var loop: EventLoop { clock.group.loops[0] }

    /// Runs `body` on the loop, and waits until the loop has nothing left to do.
    func step(_ body: @escaping @Sendable () -> Void) async {
        await loop.perform(body)
        await clock.idle()
    }

    func set(_ mode: Mode) async { await step { [self] in self.mode = mode } }

    /// Says `reply`, as it is, on the latest connection.
    func say(_ reply: String) async { await step { [self] in connections.last?.stream?.write(Bytes(reply)) } }

    /// Answers to the first part of the handshake, without a password and a database.
    func greet(_ number: Int = 7) async {
        await say("%1\r\n+id\r\n:\(number)\r\n")
        await say("+OK\r\n")
    }

    /// Ends the latest connection.
    func cut() async { await step { [self] in connections.last?.stream?.abort() } }

    func dial(
        _ endpoint: RedisAddress.Endpoint, on loop: EventLoop, timeout: Duration,
        _ done: @escaping (Result<(stream: ByteStream, open: () -> Void), RedisFailure>) -> Void
    ) -> () -> Void {
        var done: ((Result<(stream: ByteStream, open: () -> Void), RedisFailure>) -> Void)? = done
        journal.note("dial")
        let timer = LoopTimer()
        timer.action = { [self] in
            timer.action = {}
            let call = done
            done = nil
            switch mode {
            case .refuses: call?(.failure(.unavailable("Nobody listens.")))
            case .ignores: break
            case .accepts: accept { call?(.success(($0, $1))) }
            }
        }
        loop.arm(timer, after: .zero)
        return { [self] in
            journal.note("dial given up")
            done = nil
        }
    }

    private func accept(_ done: @escaping (ByteStream, @escaping () -> Void) -> Void) {
        let place = (loop, SocketAddress.unix(path: "redis"))
        let ends = MemoryStream.pair(client: place, server: place, conditions: NetworkConditions())
        let connection = Connection(journal)
        connections.append(connection)
        // Sound: all of it is on one loop.
        nonisolated(unsafe) let call = done
        nonisolated(unsafe) let server = connection
        ends.server.perform(after: .zero) { stream in
            unsafe server.stream = stream
            unsafe stream.attach(server)
            stream.open()
        }
        ends.client.perform(after: .zero) { stream in unsafe call(stream) { stream.open() } }
    }

    /// Reads commands, and notes them.
    private final class Connection: StreamOwner {
        var stream: ByteStream?
        private var reader = ReplyReader(limits: ReplyLimits())
        private let journal: Journal

        init(_ journal: Journal) { self.journal = journal }

        func received(_ bytes: Span<UInt8>) {
            var position = 0
            // What a client sends is an array of strings.
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
