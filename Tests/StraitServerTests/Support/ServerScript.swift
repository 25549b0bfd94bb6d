import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitServer
import StraitTesting

/// A server on loops with a manual clock, and clients with in-memory connections. Each step returns when all loop
/// work that it caused is done.
///
/// SAFETY: `@unchecked Sendable` is sound because `server` is set before the script is shared, and only the test's
/// task counts clients.
final class ServerScript: @unchecked Sendable {
    let clock: ManualClock
    /// The access log's lines, without dates.
    let access = Journal()
    let log = Journal()
    /// The application's records.
    let journal = Journal()
    let layers: ChannelLayers
    private(set) var server: Server!
    private var clients = 0

    /// - Parameter layers: The names of the channel layers. Their messages expire by the script's clock.
    init(loops: Int = 1, layers names: [String] = ["default"]) {
        let clock = ManualClock(loops: loops)
        self.clock = clock
        layers = ChannelLayers(
            Dictionary(uniqueKeysWithValues: names.map { ($0, InMemoryChannelLayer(clock: clock)) }))
    }

    var loop: EventLoop { clock.group.loops[0] }
    var time: ManualTime { clock.time }

    /// Serves `application`. Called once.
    func serve(
        _ application: any Application, logging level: LogLevel = .warning,
        configure: (inout ServerConfiguration) -> Void = { _ in }
    ) {
        var configuration = ServerConfiguration()
        configure(&configuration)
        server = Server(
            application: application, configuration: configuration, group: clock.group, services: layers,
            log: Log(level: level) { [log] in log.note("\($0) \($1)") },
            accessLog: AccessLog(time: time) { [access] in access.note(Self.undated($0)) })
    }

    /// Serves one page at `/`.
    func serve(
        configure: (inout ServerConfiguration) -> Void = { _ in },
        page respond: @escaping @Sendable (Request) async throws -> Response
    ) throws {
        serve(try URLRouter { path("", respond) }, configure: configure)
    }

    /// Opens a connection, from a separate port unless `peer` is given.
    func connect(
        _ conditions: NetworkConditions = NetworkConditions(), from host: String = "10.0.0.1",
        as peer: SocketAddress? = nil, to address: SocketAddress = .internet(host: "10.0.0.2", port: 80),
        on index: Int = 0
    ) async -> MemoryClient {
        clients += 1
        return await server.connect(
            conditions, from: peer ?? .internet(host: host, port: 5000 + clients), to: address, clock: clock, on: index)
    }

    /// Sends `request` on a new connection and returns the response. The connection stays open.
    func answer(_ request: String, from host: String = "10.0.0.1") async -> String {
        let client = await connect(from: host)
        await client.send(request)
        return client.text
    }

    func idle() async { await clock.idle() }

    func advance(_ duration: Duration) async { await clock.advance(by: duration) }

    /// Waits for work on other threads, such as file reads. Gives up after 100,000 turns.
    func until(_ condition: () -> Bool) async {
        for _ in 0..<100_000 {
            if condition() { return }
            await Task.yield()
            await idle()
        }
    }

    func gate() -> Gate { Gate(loop) }

    /// Replaces the date in brackets with `[date]`.
    private static func undated(_ line: String) -> String {
        // An IPv6 client has brackets too.
        guard let open = line.lastIndex(of: "["), let close = line.lastIndex(of: "]") else { return line }
        return String(line[...open]) + "date" + String(line[close...])
    }
}
