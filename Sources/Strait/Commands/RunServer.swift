import Foundation
import StraitCommandLine
import StraitCore
import StraitLayers
import StraitServer

/// Serves the site until it receives a stop signal; Django's `runserver` combined with Daphne.
struct RunServer: Command {
    static let name = "runserver"
    static let summary = "Serves the site."
    static let startsServices = false

    // Addresses
    var address: ListenAddress?
    var host: String?
    var port: WholeNumber<0, 65535>?
    var unixSockets: [String] = []
    var unixSocketMode: FileMode?
    var descriptors: [WholeNumber<0, 1_048_575>] = []
    var loops: WholeNumber<1, 1024>?
    var reloads = false
    // Proxies and headers
    var rootPath: String?
    var proxies: [ProxyAddress]?
    var serverName: String?
    var hidesServerName = false
    // Size limits
    var maxMessageSize: ByteSize?
    var maxFrameSize: ByteSize?
    // Time limits
    var headTimeout: Duration?
    var bodyTimeout: Duration?
    var keepAliveTimeout: Duration?
    var handshakeTimeout: Duration?
    var pingInterval: Duration?
    var pingTimeout: Duration?
    var stopTimeout: Duration?
    // Logging
    var logLevel = LogLevel.info
    var writesAccessLog = true

    static var options: [CommandOption<RunServer>] {
        [
            .argument("[HOST:]PORT", "The address to listen on, like --host and --port.", \.address),
            .value("--host", "HOST", "The address to listen on (default: 127.0.0.1).", \.host),
            .value("--port", "PORT", "The port to listen on (default: 8000); 0 for any free one.", \.port),
            .values(
                "--unix-socket", "PATH",
                "A Unix socket to listen on, instead of a port. With --port, the server listens on both.",
                \.unixSockets),
            .value(
                "--unix-socket-mode", "MODE",
                """
                The permissions of Unix sockets in octal digits (default: 0666, so that a proxy of any user can \
                connect).
                """,
                \.unixSocketMode),
            .values("--fd", "N", "An inherited listening descriptor, for example from systemd.", \.descriptors),
            .value("--loops", "N", "The number of event loops (default: one per core).", \.loops),
            .flag(
                "--reload", "Whether to rebuild and restart when a file of the program's package changes.", \.reloads),
            .value("--root-path", "PATH", "The path under which a proxy mounts the site.", \.rootPath),
            .value(
                "--proxy-headers", "ADDRESS,…",
                """
                The proxies whose X-Forwarded headers are trusted: addresses, networks such as 10.0.0.0/8, or 'unix' \
                (default: none).
                """,
                \.proxies),
            .value("--server-name", "NAME", "The Server header of responses.", \.serverName),
            .absence("--no-server-name", "Send no Server header.", \.hidesServerName),
            .value(
                "--max-message-size", "BYTES", "The largest message that a client may send (default: 1M).",
                \.maxMessageSize),
            .value(
                "--max-frame-size", "BYTES",
                "The largest frame that a client may send (default: the largest message).",
                \.maxFrameSize),
            .value("--head-timeout", "SECONDS", "The time limit for receiving a request's head.", \.headTimeout),
            .value("--body-timeout", "SECONDS", "The longest pause while receiving a request's body.", \.bodyTimeout),
            .value(
                "--keep-alive-timeout", "SECONDS", "The time after which an idle connection is closed.",
                \.keepAliveTimeout),
            .value(
                "--handshake-timeout", "SECONDS", "The time limit for a consumer to accept a WebSocket.",
                \.handshakeTimeout),
            .value(
                "--ping-interval", "SECONDS", "The time without data after which a client gets a ping.",
                \.pingInterval),
            .value("--ping-timeout", "SECONDS", "The time limit for a client to answer a ping.", \.pingTimeout),
            .value("--stop-timeout", "SECONDS", "The time limit for running work when stopping.", \.stopTimeout),
            .value(
                "--log-level", "LEVEL", "The lowest level to log: \(LogLevel.expectation.dropFirst("one of ".count)).",
                \.logLevel),
            .flag(
                "--access-log", "Whether to write requests to standard output (default: yes).",
                \.writesAccessLog),
        ]
    }

    func run(_ context: CommandContext) async throws {
        if reloads, !Self.isReloaded { return try await runReloading(context) }
        let loopCount = loops?.value ?? EventLoopGroup.coreCount
        try check(loopCount, descriptors: ProcessLimits.raiseDescriptors())
        await ProcessLimits.openTimers()
        let configuration = try configuration(context.parts.configuration)
        try context.checkSettings()
        let site = try context.compose(configuration)
        for warning in site.warnings { context.warn(warning) }
        for problem in site.problems() { context.warn("\(problem)") }
        try await site.start()
        await context.warnOfMigrations(site)
        let stop = StopSignal()
        let log = Log(level: logLevel)
        Self.note(site, log)
        let server = Server(
            application: site.application, configuration: site.configuration, loops: loopCount, services: site,
            log: log, accessLog: writesAccessLog ? AccessLog() : nil)
        do {
            try server.startOwnWorkers()
            let addresses = try await listen(server).map { Self.url(of: $0, rootPath: configuration.rootPath) }
            context.print(
                "Strait \(Release.version) serves \(addresses.joined(separator: ", ")) on \(loopCount) "
                    + (loopCount == 1 ? "loop" : "loops") + "; stop it with Ctrl-C.")
        } catch {
            await server.stop()
            await context.stop(site)
            throw error
        }
        if Self.isReloaded { Self.stopWithParent() }
        await stop.wait()
        context.print("Stopping; a second Ctrl-C ends at once.")
        await server.stop()
        await context.stop(site)
    }

    /// Logs the channel layers, and later a warning for each layer that does not answer.
    private static func note(_ site: ComposedSite, _ log: Log) {
        guard let layers = site.services.find(ChannelLayers.self) else { return }
        let shared = layers.all.filter { !($0.layer is InMemoryChannelLayer) }
        if shared.isEmpty { return }
        var names = LogMetadata()
        for (alias, layer) in layers.all { names[alias] = "\(type(of: layer))" }
        log.info("channel layers", metadata: names)
        Task {
            for (alias, error) in await layers.failures() {
                log.warning("channel layer does not answer", metadata: ["alias": "\(alias)", "reason": "\(error)"])
            }
        }
    }

    /// Returns the site's configuration, changed by the command line's options.
    func configuration(_ configuration: ServerConfiguration) throws(UsageError) -> ServerConfiguration {
        if address != nil, host != nil || port != nil {
            throw UsageError("[HOST:]PORT cannot be combined with --host or --port. Give one or the other.")
        }
        if let twice = descriptors.first(where: { fd in descriptors.count { $0 == fd } > 1 }) {
            throw UsageError("--fd \(twice.value) was given twice. Give each descriptor once.")
        }
        if unixSocketMode != nil, unixSockets.isEmpty {
            throw UsageError("--unix-socket-mode requires --unix-socket. Give a socket, or remove the mode.")
        }
        if let serverName, serverName.isEmpty || !serverName.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) {
            throw UsageError("--server-name takes printable ASCII, not \(serverName.debugDescription).")
        }
        if serverName != nil, hidesServerName {
            throw UsageError("--server-name and --no-server-name cannot be combined. Give one or the other.")
        }
        var configuration = configuration
        if let rootPath {
            let isPath = rootPath.isEmpty || rootPath.utf8.first == 0x2F
            guard isPath, !rootPath.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F || $0 == 0x3F || $0 == 0x23 })
            else {
                throw UsageError("--root-path takes a path that begins with a slash, not '\(rootPath)'.")
            }
            configuration.rootPath = rootPath
        }
        if let proxies { configuration.proxies = TrustedProxies(proxies.map(\.host)) }
        if let network = configuration.proxies.unreadable.first {
            throw UsageError(
                "The site's configuration trusts the invalid proxy '\(network)'. Write an address, or a network such "
                    + "as 10.0.0.0/8.")
        }
        if let serverName { configuration.serverName = serverName }
        if hidesServerName { configuration.serverName = nil }
        if let maxMessageSize { configuration.messageLimits.message = maxMessageSize.bytes }
        if let maxFrameSize { configuration.messageLimits.frame = maxFrameSize.bytes }
        if let headTimeout { configuration.headTimeout = headTimeout }
        if let bodyTimeout { configuration.bodyTimeout = bodyTimeout }
        if let keepAliveTimeout { configuration.keepAliveTimeout = keepAliveTimeout }
        if let handshakeTimeout { configuration.handshakeTimeout = handshakeTimeout }
        if let pingInterval { configuration.pingInterval = pingInterval }
        if let pingTimeout { configuration.pingTimeout = pingTimeout }
        if let stopTimeout { configuration.stopTimeout = stopTimeout }
        return configuration
    }

    /// Checks that the loops leave enough descriptors for connections.
    private func check(_ loopCount: Int, descriptors limit: Int) throws(CommandError) {
        // Each loop uses two descriptors. The rest is for listeners, standard streams and at least a few connections.
        let needed = 2 * loopCount + 32
        guard limit < needed else { return }
        throw CommandError(
            "The process may open \(limit) descriptors, and \(loopCount) loops need \(needed). Raise the limit with "
                + "ulimit -n, or use fewer --loops.")
    }

    /// Listens on the given addresses. Without any, or with a port option, it listens on a port.
    private func listen(_ server: Server) async throws -> [SocketAddress] {
        if Self.isReloaded { return [try await server.listen(inherited: 0)] }
        var addresses: [SocketAddress] = []
        if address != nil || host != nil || port != nil || (unixSockets.isEmpty && descriptors.isEmpty) {
            addresses.append(try await server.listen(at: try portAddress()))
        }
        for path in unixSockets {
            addresses.append(try await server.listen(at: .unix(path: path), unixMode: unixSocketMode?.bits ?? 0o666))
        }
        for descriptor in descriptors {
            addresses.append(try await server.listen(inherited: Int32(descriptor.value)))
        }
        return addresses
    }

    /// Returns the port address to listen on.
    private func portAddress() throws(CommandError) -> SocketAddress {
        do {
            let host = try HostName.resolve(address?.host ?? self.host ?? "127.0.0.1")
            return .internet(host: host, port: address?.port ?? port?.value ?? 8000)
        } catch {
            guard case .unknownHost(let name) = error else { throw CommandError(error.description) }
            throw CommandError(
                "The host '\(name)' is not known. Give an address of this machine: 127.0.0.1, 0.0.0.0 or ::.")
        }
    }

    /// Whether a process with `--reload` started this process as its server.
    private static var isReloaded: Bool { ProcessInfo.processInfo.environment[ReloadingServer.variable] != nil }

    /// Sends SIGTERM to this process when the `--reload` process ends for any reason, because nothing else would stop
    /// it.
    private static func stopWithParent() {
        let parent = getppid()
        Task {
            while getppid() == parent { try await Task.sleep(for: .seconds(1)) }
            kill(getpid(), SIGTERM)
        }
    }

    /// Runs the server in a child process, which is restarted when the program has changed.
    private func runReloading(_ context: CommandContext) async throws {
        guard unixSockets.isEmpty, descriptors.isEmpty else {
            throw UsageError("--reload works only with a port. Remove --unix-socket and --fd.")
        }
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        guard let package = BuiltPackage(program: program) else {
            throw CommandError(
                "\(program) is not in the .build folder of a package, so --reload cannot rebuild it. Start it with "
                    + "swift run, or remove --reload.")
        }
        let stop = StopSignal()
        let socket = try ListeningSocket(address: try portAddress())
        let server = ReloadingServer(
            package: package, program: program, arguments: Array(CommandLine.arguments.dropFirst()),
            socket: socket.descriptor,
            readFolders: context.settings.debug ? context.parts.files.watchedFolders : [], say: { context.print($0) })
        try await server.run(until: stop)
    }

    private static func url(of address: SocketAddress, rootPath: String) -> String {
        guard case .internet = address else { return "\(address)" }
        return "http://\(address)\(rootPath)/"
    }
}
