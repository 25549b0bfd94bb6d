public import StraitCore
import StraitHTTP
internal import StraitLayers
public import StraitRouting
internal import Synchronization

/// An HTTP/1.1 and WebSocket server for an application. It distributes connections over its event loops and stops
/// gracefully.
///
/// ```swift
/// let server = Server(application: site)
/// let address = try await server.listen(at: .internet(host: "127.0.0.1", port: 8000))
/// …
/// await server.stop()
/// ```
public final class Server: Sendable {
    private let group: EventLoopGroup
    private let configuration: ServerConfiguration
    private let log: Log
    package let counters = ServerCounters()
    private let loops: [ServerLoop]
    private let accepting = Mutex(Accepting.notYet)
    private let services: Services
    /// The pool for `offload` that the server created because the services have none.
    private let ownPool: ThreadPool?
    /// The metrics of the server and the site. If the site's services include no ``/StraitCore/Metrics``, the server
    /// creates them.
    public let metrics: Metrics
    private let channelNames: [String]

    /// Creates a server and starts its event loops. It serves nothing before ``listen(at:unixMode:)``.
    ///
    /// - Parameters:
    ///   - application: The application that answers requests.
    ///   - configuration: The limits, timeouts and options.
    ///   - loops: The number of event loops. The default is one for each core.
    ///   - services: The services for consumers and handlers. The caller starts them. If they include no
    ///     ``/StraitLayers/ChannelLayers``, the server adds an in-memory layer. If they include no
    ///     ``/StraitCore/ThreadPool``, the server adds one.
    ///   - log: The log for the server and its consumers.
    ///   - accessLog: The log for requests and sockets; nil for none.
    public convenience init(
        application: any Application, configuration: ServerConfiguration = ServerConfiguration(), loops: Int? = nil,
        services: any ServiceProvider = Services.none, log: Log = Log(), accessLog: AccessLog? = nil
    ) {
        self.init(
            application: application, configuration: configuration,
            group: EventLoopGroup(count: loops ?? EventLoopGroup.coreCount), services: services, log: log,
            accessLog: accessLog)
    }

    /// Creates a server on existing event loops, for tests with a manual clock.
    package init(
        application: any Application, configuration: ServerConfiguration, group: EventLoopGroup,
        services: any ServiceProvider, log: Log, accessLog: AccessLog?
    ) {
        self.group = group
        let pool = ThreadPool()
        let services = services.services.adding(ChannelLayers()).adding(Metrics()).adding(pool)
        ownPool = services.find(ThreadPool.self) === pool ? pool : nil
        self.services = services
        metrics = services.find() ?? Metrics()
        metrics.attach(services)
        channelNames = application.channelNames
        self.configuration = configuration
        self.log = log
        let application =
            configuration.checksOrigin
            ? SameOriginCheck(application, log: log, loopbackIsOneHost: configuration.loopbackIsOneHost).joined
            : application.joined
        let counters = counters
        let serverLoops = group.loops.map {
            ServerLoop(
                loop: $0, configuration: configuration, application: application, services: services, log: log,
                accessLog: accessLog, counters: counters, connect: HTTP1Connection.init(stream:server:))
        }
        self.loops = serverLoops
        metrics.add(ServerMetrics(serverLoops, counters: counters, time: group.loops[0].time))
        if log.logLevel <= .debug { Self.watchJobs(of: group, log) }
    }

    /// The state of the acceptor. An acceptor's watchdog has a thread, so an in-memory server creates no acceptor.
    private enum Accepting {
        case notYet
        case by(Acceptor)
        case stopped
    }

    /// Returns the acceptor, which is created for the first listening socket.
    private func acceptor() throws(TransportError) -> Acceptor {
        let acceptor: Acceptor? = accepting.withLock { accepting in
            switch accepting {
            case .notYet:
                let made = Acceptor(loops: loops, configuration: configuration, log: log, counters: counters)
                accepting = .by(made)
                return made
            case .by(let acceptor): return acceptor
            case .stopped: return nil
            }
        }
        guard let acceptor else { throw .stopped }
        return acceptor
    }

    /// The time for which a handler may hold its loop before it is named in the log. It applies if the log's level is
    /// `debug` or `trace`.
    package static let longestJob = Duration.milliseconds(50)

    private static func watchJobs(of group: EventLoopGroup, _ log: Log) {
        for loop in group.loops {
            loop.execute {
                loop.watchJobs(over: longestJob) { what, held in
                    log.warning(
                        """
                        \(what) held event loop \(loop.index) for \(held.nanoseconds / 1_000_000) ms, and nothing \
                        else on it could run. Await long work in a function that is marked @concurrent.
                        """
                    )
                }
            }
        }
    }

    /// Starts to accept connections at `address`. With port 0, the kernel chooses a port.
    ///
    /// - Parameters:
    ///   - address: The address to listen at.
    ///   - unixMode: The permissions of a Unix socket's file. A proxy that runs as another user must be able to write
    ///     to it.
    /// - Returns: The address with the actual port.
    /// - Throws: ``ServerError`` if the address is invalid, in use, or not one of this machine.
    @discardableResult
    public func listen(
        at address: SocketAddress, unixMode: UInt16 = 0o666
    ) async throws(ServerError) -> SocketAddress {
        do throws(TransportError) {
            let acceptor = try acceptor()
            return try open(try ListeningSocket(address: address, unixMode: unixMode), acceptor)
        } catch {
            throw ServerError(error)
        }
    }

    /// Starts to accept connections on an inherited listening socket, such as one from systemd (`--fd`).
    ///
    /// - Returns: The address of the socket.
    /// - Throws: ``ServerError`` if the descriptor is not a listening socket.
    @discardableResult
    public func listen(inherited descriptor: Int32) async throws(ServerError) -> SocketAddress {
        do throws(TransportError) {
            let acceptor = try acceptor()
            return try open(try ListeningSocket(inherited: descriptor), acceptor)
        } catch {
            throw ServerError(error)
        }
    }

    /// Starts the application's workers if their layer belongs to this process. Workers of a shared layer run in
    /// processes of their own (`runworker`).
    package func startOwnWorkers() throws {
        let layer = services.find(ChannelLayers.self)?[configuration.workerLayer]
        if let layer = layer as? any LocalDeliveryLayer, layer.isShared { return }
        try startWorkers()
    }

    /// Serves at `address` until the process gets SIGINT or SIGTERM, and then stops. A second signal ends the process
    /// at once. Use it in a program without a site, and call it only once in a process:
    ///
    /// ```swift
    /// try await Server(application: URLRouter { path("ws/echo/", Echo()) })
    ///     .run(at: .internet(host: "127.0.0.1", port: 8000))
    /// ```
    ///
    /// The application's workers run in this process too, unless their layer is shared with other processes.
    ///
    /// - Parameters:
    ///   - address: The address to listen at.
    ///   - started: A closure that gets the address with the actual port once the server accepts connections. By
    ///     default, the server prints the address.
    /// - Throws: ``ServerError`` if the address is invalid, in use, or not one of this machine; the errors of
    ///   ``startWorkers(_:layer:)``.
    public func run(at address: SocketAddress, started: ((SocketAddress) -> Void)? = nil) async throws {
        ProcessLimits.raiseDescriptors()
        await ProcessLimits.openTimers()
        let actual: SocketAddress
        do {
            try startOwnWorkers()
            actual = try await listen(at: address)
        } catch {
            await stop()
            throw error
        }
        // Not earlier: if the server does not start, the program's own handling of signals stays as it is.
        let signal = StopSignal()
        if let started {
            started(actual)
        } else {
            LineOutput.standardOutput.writeWhole("Serving at \(actual); stop with Ctrl-C.")
        }
        await signal.wait()
        await stop()
    }

    private func open(_ socket: ListeningSocket, _ acceptor: Acceptor) throws(TransportError) -> SocketAddress {
        // Sending files makes the kernel write to sockets without a flag that suppresses SIGPIPE, so the signal is
        // ignored.
        ProcessLimits.ignoreBrokenPipes()
        ProcessLimits.keepFreedMemory()
        guard acceptor.open(socket) else { throw .stopped }
        return socket.address
    }

    /// Runs the application's worker consumers in this process until the server stops. They handle the messages of
    /// their channels.
    ///
    /// It corresponds to Channels' `runworker`, which cannot be used with an in-memory layer. It does nothing if the
    /// application has no workers.
    ///
    /// - Parameters:
    ///   - channels: The channels to read. The default is every channel for which the application has a worker.
    ///   - alias: The channel layer. The default is ``ServerConfiguration/workerLayer``.
    /// - Throws: ``/StraitLayers/LayerError`` if the layer does not exist or a channel name is invalid.
    ///   ``/StraitRouting/RoutingError`` if the application has no worker for a channel.
    public func startWorkers(_ channels: [String]? = nil, layer alias: String? = nil) throws {
        let channels = channels ?? channelNames
        if channels.isEmpty { return }
        let layer = try services.getChannelLayer(alias ?? configuration.workerLayer)
        for channel in channels {
            guard LayerName.isChannel(channel) else { throw LayerError.invalidChannelName(channel) }
            guard channelNames.contains(channel) else { throw RoutingError.noChannel(channel, known: channelNames) }
        }
        for (number, channel) in channels.enumerated() {
            let loop = loops[number % loops.count]
            loop.loop.execute { loop.work(channel, layer) }
        }
    }

    /// Serves the server's end of an in-memory connection.
    package func accept(_ end: MemoryEnd) {
        guard let loop = loops.first(where: { $0.loop === end.loop }) else { return }
        loop.addLoad(1)
        end.perform(after: .zero) { stream in
            loop.accept(stream)
        }
    }

    /// The number of connections that are open or in transit to their loop.
    package var connectionCount: Int { loops.reduce(0) { $0 + $1.load } }

    /// Whether every loop has begun to stop and rejects new connections.
    package var isStopping: Bool { loops.allSatisfy(\.hasBegunToStop) }

    /// Stops the server and its event loops.
    ///
    /// It stops accepting, closes idle connections, and closes WebSockets with code 1001. It waits up to
    /// ``ServerConfiguration/stopTimeout`` for current requests and consumers, and then aborts the rest.
    public func stop() async {
        let acceptor: Acceptor? = accepting.withLock { accepting in
            defer { accepting = .stopped }
            if case .by(let acceptor) = accepting { return acceptor }
            return nil
        }
        await acceptor?.close()
        await withTaskGroup { tasks in
            for loop in loops { tasks.addTask { await loop.stop() } }
        }
        await ownPool?.stop()
        group.stop()
    }
}

/// A failure of a server operation, with advice in its text.
public struct ServerError: Error, Sendable, CustomStringConvertible {
    /// The problem and its solution.
    public let description: String

    package init(_ description: String) {
        self.description = description
    }

    init(_ error: TransportError) {
        description = error.description
    }
}
