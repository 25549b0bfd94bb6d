import StraitHTTP
import StraitLayers
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting

/// A server on loops whose clock is moved by hand, with clients whose connections are made of memory. Each step returns
/// when everything that it set off on the loops is done.
///
/// `@unchecked Sendable` is sound because `server` is set before anyone else is given the script, and the number of
/// clients is counted by the test's one task.
final class ServerScript: @unchecked Sendable {
    let clock: ManualClock
    /// The lines of the access log, without their dates.
    let access = Journal()
    let log = Journal()
    /// What the application notes.
    let journal = Journal()
    let layers: ChannelLayers
    private(set) var server: Server!
    private var clients = 0

    /// - Parameter layers: The names of its channel layers, whose messages expire by its clock.
    init(loops: Int = 1, layers names: [String] = ["default"]) {
        let clock = ManualClock(loops: loops)
        self.clock = clock
        layers = ChannelLayers(
            Dictionary(uniqueKeysWithValues: names.map { ($0, InMemoryChannelLayer(clock: clock)) }))
    }

    var loop: EventLoop { clock.group.loops[0] }
    var time: ManualTime { clock.time }

    /// Serves `application`; once.
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

    /// A connection, from a port of its own unless it comes from `peer`.
    func connect(
        _ conditions: NetworkConditions = NetworkConditions(), from host: String = "10.0.0.1",
        as peer: SocketAddress? = nil, to address: SocketAddress = .internet(host: "10.0.0.2", port: 80),
        on index: Int = 0
    ) async -> MemoryClient {
        clients += 1
        return await server.connect(
            conditions, from: peer ?? .internet(host: host, port: 5000 + clients), to: address, clock: clock, on: index)
    }

    /// What a new connection that sends `request` and nothing else is answered, after which it is left open.
    func answer(_ request: String, from host: String = "10.0.0.1") async -> String {
        let client = await connect(from: host)
        await client.send(request)
        return client.text
    }

    func idle() async { await clock.idle() }

    func advance(_ duration: Duration) async { await clock.advance(by: duration) }

    /// Waits for what passes through other threads, such as the reading of files; gives up after very many turns.
    func until(_ condition: () -> Bool) async {
        for _ in 0..<100_000 {
            if condition() { return }
            await Task.yield()
            await idle()
        }
    }

    func gate() -> Gate { Gate(loop) }

    /// `[date]` in place of what is between the brackets.
    private static func undated(_ line: String) -> String {
        // An IPv6 client has brackets too.
        guard let open = line.lastIndex(of: "["), let close = line.lastIndex(of: "]") else { return line }
        return String(line[...open]) + "date" + String(line[close...])
    }
}
