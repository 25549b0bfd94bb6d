internal import StraitLayers
public import StraitNetwork
public import StraitRouting
internal import Synchronization

/// Serves an application: listens, spreads connections over its event loops, and stops in order.
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
    /// The metrics of the server and the site: those among the services, or its own.
    public let metrics: Metrics
    private let channelNames: [String]

    /// Starts the loops; nothing is served before ``listen(at:unixMode:)``.
    ///
    /// - Parameters:
    ///   - application: Who answers.
    ///   - loops: How many event loops; one a core by default.
    ///   - services: The services of its consumers and handlers, started by the caller. Without
    ///     ``/StraitLayers/ChannelLayers`` among them, the server has one layer in memory.
    ///   - log: Where the server and its consumers say what happened.
    ///   - accessLog: Where requests and sockets are noted; nil for nowhere.
    public convenience init(
        application: any Application, configuration: ServerConfiguration = ServerConfiguration(), loops: Int? = nil,
        services: any ServiceProvider = Services.none, log: Log = Log(), accessLog: AccessLog? = nil
    ) {
        self.init(
            application: application, configuration: configuration,
            group: EventLoopGroup(count: loops ?? EventLoopGroup.coreCount), services: services, log: log,
            accessLog: accessLog)
    }

    /// A server on loops that are there already; for tests with a clock of their own.
    package init(
        application: any Application, configuration: ServerConfiguration, group: EventLoopGroup,
        services: any ServiceProvider, log: Log, accessLog: AccessLog?
    ) {
        self.group = group
        let services = services.services.adding(ChannelLayers()).adding(Metrics())
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
                accessLog: accessLog, counters: counters)
        }
        self.loops = serverLoops
        metrics.add(ServerMetrics(serverLoops, counters: counters, time: group.loops[0].time))
        if log.logLevel <= .debug { Self.watchJobs(of: group, log) }
    }

    /// The state of accepting. The acceptor's watch has a thread of its own, which an in-memory server does not need.
    private enum Accepting {
        case notYet
        case by(Acceptor)
        case stopped
    }

    /// The acceptor, which is made for the first listener.
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

    /// How long a handler may hold its loop before it is named in the log, where the log's level is `debug`.
    package static let longestJob = Duration.milliseconds(50)

    private static func watchJobs(of group: EventLoopGroup, _ log: Log) {
        for loop in group.loops {
            loop.execute {
                loop.watchJobs(over: longestJob) { what, held in
                    log.warning(
                        "\(what) held event loop \(loop.index) for \(held.nanoseconds / 1_000_000) ms, and nothing else on it could run. Await long work in a function that is marked @concurrent."
                    )
                }
            }
        }
    }

    /// Begins to accept connections at `address`; port 0 lets the kernel choose one.
    ///
    /// - Parameter unixMode: The permissions of a Unix socket's file. A proxy that runs as another user has to be able to
    ///   write to it.
    /// - Returns: The address with the port that is listened at.
    /// - Throws: ``ServerError`` if the address is taken, not one of this machine, or not an address.
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

    /// Begins to accept connections on a listening socket that was inherited, as from systemd; `--fd`.
    @discardableResult
    public func listen(inherited descriptor: Int32) async throws(ServerError) -> SocketAddress {
        do throws(TransportError) {
            let acceptor = try acceptor()
            return try open(try ListeningSocket(inherited: descriptor), acceptor)
        } catch {
            throw ServerError(error)
        }
    }

    private func open(_ socket: ListeningSocket, _ acceptor: Acceptor) throws(TransportError) -> SocketAddress {
        // The kernel sends files by itself, and has no flag there that spares the process a signal.
        ProcessLimits.ignoreBrokenPipes()
        ProcessLimits.keepFreedMemory()
        guard acceptor.open(socket) else { throw .stopped }
        return socket.address
    }

    /// Has the messages of channels worked off by the application's worker consumers, in this process, until the server
    /// stops; Channels' `runworker`, which a layer in memory cannot have. Without effect where the application has none.
    ///
    /// - Parameters:
    ///   - channels: The channels; all that the application has workers for by default.
    ///   - alias: The layer that the channels are of; the configuration's ``ServerConfiguration/workerLayer`` by default.
    /// - Throws: ``/StraitLayers/LayerError`` where there is no such layer, or a name cannot be a channel's;
    ///   ``/StraitRouting/RoutingError`` for a channel that the application has no worker for.
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
            stream.open()
        }
    }

    /// How many connections are open or were just accepted.
    package var connectionCount: Int { loops.reduce(0) { $0 + $1.load } }

    /// Whether every loop turns new connections away.
    package var isStopping: Bool { loops.allSatisfy(\.hasBegunToStop) }

    /// Stops: accepts no more, closes sockets with 1001 and idle connections, waits for what is under way up to
    /// ``ServerConfiguration/stopTimeout``, ends what is left, and ends the loops.
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
        group.stop()
    }
}
