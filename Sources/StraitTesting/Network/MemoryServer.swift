public import StraitHTTP
public import StraitNetwork
public import StraitRouting
public import StraitServer
import Synchronization

/// A whole server in memory: the real one, down to HTTP and WebSocket frames, on a clock that is moved by hand and a
/// network that a seed governs. What a ``WebSocketCommunicator`` leaves out can be tested here: limits, pings, slow and
/// vanishing clients, compression, and what a lossy network does to an application.
///
/// ```swift
/// try await withSeeds(20) { seed in
///     try await TestSite(ChatSite()) { site in
///         let server = MemoryServer(site, network: .rough(seed: seed))
///         let socket = try await server.webSocket("/ws/chat/lobby/")
///         await socket.send(text: "hi")
///         await server.clock.advance(by: .seconds(1))
///         …
///     }
/// }
/// ```
public final class MemoryServer: Sendable {
    /// The clock that the server and its clients live by.
    public let clock: ManualClock
    /// How connections behave.
    public let network: SimulatedNetwork
    private let server: Server
    private let stopTimeout: Duration
    private let connections = Mutex(0)

    /// Serves `application` from now on, and has its workers work off their channels.
    ///
    /// - Parameters:
    ///   - application: Who answers.
    ///   - configuration: How the server behaves.
    ///   - services: The services of the application, such as `ChannelLayers()` that several clients share. Without
    ///     channel layers among them, this one has a layer in memory of its own.
    ///   - network: How connections behave; without faults and delays by default.
    ///   - clock: The clock, with as many loops as the server is to have.
    ///   - log: Where the server and its consumers say what happened.
    public init(
        _ application: any Application, configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, network: SimulatedNetwork = SimulatedNetwork(),
        clock: ManualClock = ManualClock(),
        log: Log = Log(level: .error)
    ) {
        self.clock = clock
        self.network = network
        stopTimeout = configuration.stopTimeout
        server = Server(
            application: application, configuration: configuration, group: clock.group, services: services, log: log,
            accessLog: nil)
        do { try server.startWorkers() } catch { log.error("The application's workers do not run: \(error)") }
    }

    /// The server's metrics.
    public var metrics: Metrics { server.metrics }

    /// How many connections are open.
    public var connectionCount: Int { server.connectionCount }

    /// A new connection, from `address`, on which nothing was said. Its server's end is on the clock's loops in turn.
    public func connect(from address: SocketAddress? = nil) async -> MemoryClient {
        await connect(from: address, listener: nil)
    }

    func connect(from address: SocketAddress?, listener: (any MemoryListener)?) async -> MemoryClient {
        let number = connections.withLock { count in
            count += 1
            return count
        }
        return await server.connect(
            network.conditions(ofConnection: number),
            from: address ?? .internet(host: "10.0.0.1", port: 5000 + number % 60_000), clock: clock,
            on: number - 1, listener: listener)
    }

    /// A new connection on which a WebSocket is asked for. On a network with delays the answer is there when the clock was
    /// moved: see ``MemoryWebSocket/status``.
    ///
    /// - Parameters:
    ///   - path: The path as a client sends it, percent-coded, perhaps with `?` and a query.
    ///   - headers: More fields for the handshake; `Host` is `testserver` where you give none.
    ///   - subprotocols: What the client would speak, the most wanted first.
    ///   - compresses: Whether permessage-deflate is offered.
    ///   - answers: Whether the client answers pings and close frames by itself, as a browser does.
    ///   - address: Where the client is.
    public func webSocket(
        _ path: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = [], compresses: Bool = false,
        answers: Bool = true, from address: SocketAddress? = nil
    ) async throws -> MemoryWebSocket {
        let request = try MemoryWebSocket.request(
            path, headers: headers, subprotocols: subprotocols, compresses: compresses)
        let reader = FrameReader(answers: answers)
        let client = await connect(from: address, listener: reader)
        await client.send(request)
        return MemoryWebSocket(client, reader, clock: clock)
    }

    /// Stops the server in order, and with it the clock's loops: sockets are closed with 1001, and what has not ended
    /// then is cut off after the configuration's `stopTimeout`, for which the clock is moved where that is needed.
    public func stop() async {
        let hasStopped = Outbox<Void>()
        let stopping = Task { [server] in
            await server.stop()
            hasStopped.end()
        }
        while !server.isStopping { await Task.yield() }
        if await !clock.settles(within: ManualClock.patience) || !hasStopped.hasEnded {
            await clock.advance(by: stopTimeout)
        }
        await stopping.value
    }
}

extension Server {
    /// A client on a new in-memory connection, whose server's end is on the clock's loop of this number, counted around.
    package func connect(
        _ conditions: NetworkConditions, from peer: SocketAddress,
        to address: SocketAddress = .internet(host: "10.0.0.2", port: 80), clock: ManualClock, on index: Int,
        listener: (any MemoryListener)? = nil
    ) async -> MemoryClient {
        let loops = clock.group.loops
        let ends = MemoryStream.pair(
            client: (loops[0], peer), server: (loops[index % loops.count], address), conditions: conditions)
        let client = MemoryClient(ends.client, clock: clock)
        await client.open(listener)
        accept(ends.server)
        await clock.idle()
        return client
    }
}
