public import StraitCore
public import StraitHTTP
public import StraitRouting
public import StraitServer
import Synchronization

/// A complete server in memory: the real one, with HTTP and WebSocket frames, on a manual clock and a seeded network.
/// It tests everything that a ``WebSocketCommunicator`` omits: limits, pings, slow or lost clients, compression and
/// unreliable networks.
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
    /// The clock of the server and its clients.
    public let clock: ManualClock
    /// The behavior of connections.
    public let network: SimulatedNetwork
    private let server: Server
    private let stopTimeout: Duration
    private let connections = Mutex(0)

    /// Starts a server for `application`, with the application's workers.
    ///
    /// - Parameters:
    ///   - application: The application to test.
    ///   - configuration: The server's configuration.
    ///   - services: The application's services, such as `ChannelLayers()` that several clients share. Without channel
    ///     layers, this server uses its own in-memory layer.
    ///   - network: The behavior of connections. The default has no faults or delays.
    ///   - clock: The clock. Its number of loops is the server's number of loops.
    ///   - log: The log of the server and its consumers.
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

    /// The number of open connections.
    public var connectionCount: Int { server.connectionCount }

    /// Opens a connection from `address` without sending anything. The server's ends are assigned to the clock's loops
    /// in turn.
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

    /// Opens a connection and sends a WebSocket handshake. On a network with delays, move the clock to receive the
    /// response; see ``MemoryWebSocket/status``.
    ///
    /// - Parameters:
    ///   - path: The percent-encoded path, with an optional query.
    ///   - headers: Additional headers of the handshake. The default `Host` is `testserver`.
    ///   - subprotocols: The subprotocols that the client offers, in order of preference.
    ///   - compresses: Whether the client offers permessage-deflate.
    ///   - answers: Whether the client answers pings and close frames automatically, like a browser.
    ///   - address: The client's address.
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

    /// Stops the server gracefully, and the clock's loops with it. Sockets are closed with 1001. If work remains, the
    /// clock is moved by the configuration's `stopTimeout`, after which the server aborts it.
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
    /// Opens an in-memory connection whose server's end runs on the clock's loop at `index`, modulo the number of
    /// loops.
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
