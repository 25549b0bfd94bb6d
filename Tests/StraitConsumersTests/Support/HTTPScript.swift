import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting

/// One request to an HTTP consumer, handled on a loop with a manual clock, and its client.
///
/// SAFETY: `@unchecked Sendable` is sound because the mutable properties are accessed only on the loop.
final class HTTPScript: ResponseBodySink, ServerContext, @unchecked Sendable {
    struct Gone: Error {}

    let journal = Journal()
    private let clock = ManualClock()
    private let gate: LoopWaiter
    private var isSlow = false
    private var isGone = false
    private var server: Task<Void, Never>?

    init() {
        log = Log(level: .info) { [journal] in journal.note("\($0) \($1)") }
        gate = LoopWaiter(loop: clock.group.loops[0])
    }

    var lines: [String] { journal.lines }

    // MARK: Host

    var loop: EventLoop { clock.group.loops[0] }
    let log: Log
    let closeTimeout = Duration.seconds(10)
    func consumerBegan() {}
    func consumerEnded() {}

    // MARK: Client

    /// Waits until `count` lines were noted, for at most 100,000 turns.
    ///
    /// A streamed body's closure may run in the global pool, for which an idle loop does not wait.
    func reaches(_ count: Int) async {
        for _ in 0..<100_000 where lines.count < count {
            await Task.yield()
            await clock.idle()
        }
    }

    /// Handles a request as a server does.
    func request(_ endpoint: HTTPConsumerEndpoint, body: String = "", sending: Bool = true) async {
        await step { [self] in
            let request = Request(
                scope: Scope(method: .post, path: "/poll/"), body: RequestBody(Bytes(body)), host: self)
            server = clock.group.loops[0].isolation.startTask { isolation in
                do {
                    let response = try await self.respond(endpoint, request, isolation)
                    let fields = response.headers.map { " \($0.name): \($0.value)" }.joined()
                    self.journal.note("\(response.status.code)" + fields)
                    guard sending else { return }
                    switch response.body {
                    case .bytes(let bytes): self.journal.note("body " + String(decoding: bytes, as: UTF8.self))
                    case .stream(let write):
                        try await self.stream(write, isolation)
                        self.journal.note("end")
                    default: self.journal.note("?")
                    }
                } catch {
                    self.journal.note("\(error)")
                }
            }
        }
    }

    private func respond(
        _ endpoint: HTTPConsumerEndpoint, _ request: Request, _ isolation: isolated LoopIsolation
    ) async throws -> Response {
        try await endpoint.respond(to: request)
    }

    private func stream(
        _ write: @Sendable (ResponseBodyWriter) async throws -> Void, _ isolation: isolated LoopIsolation
    ) async throws {
        try await write(ResponseBodyWriter(self))
    }

    func write(_ bytes: Bytes) async throws {
        if isGone { throw Gone() }
        journal.note("piece " + String(decoding: bytes, as: UTF8.self))
        if isSlow { _ = await gate.wait() }
        if isGone { throw Gone() }
    }

    /// Makes the client stop reading, or continue.
    func slow(_ isSlow: Bool) async {
        await step { [self] in
            self.isSlow = isSlow
            gate.wake()
        }
    }

    /// Disconnects the client.
    func leave() async {
        await step { [self] in
            isGone = true
            server?.cancel()
            gate.wake()
        }
    }

    func advance(_ duration: Duration) async {
        await clock.advance(by: duration)
    }

    private func step(_ body: @escaping @Sendable () -> Void) async {
        await withCheckedContinuation { continuation in
            clock.group.loops[0].execute {
                body()
                continuation.resume()
            }
        }
        await clock.idle()
    }
}
