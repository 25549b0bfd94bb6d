public import StraitNetwork
public import StraitRouting
public import StraitServer

/// A real server for one test: it listens at a free port of 127.0.0.1, or at a Unix socket, and serves an application to
/// whatever client the test has, a browser for instance. Channels' `ChannelsLiveServerTestCase`, within the test's own
/// process.
///
/// ```swift
/// try await TestSite(ChatSite(), settings: { $0.allowedHosts = ["*"] }) { site in
///     try await LiveServer.run(site) { server in
///         let (page, _) = try await URLSession.shared.data(from: URL(string: server.url + "/")!)
///         …
///     }
/// }
/// ```
public final class LiveServer: Sendable {
    private let server: Server
    /// Where it listens, with the port that was chosen.
    public let address: SocketAddress

    private init(_ server: Server, at address: SocketAddress) {
        self.server = server
        self.address = address
    }

    /// Starts a server, with the application's workers, which is to be stopped with ``stop()``.
    ///
    /// - Parameters:
    ///   - application: Who answers.
    ///   - address: Where to listen; a free port of 127.0.0.1 by default.
    ///   - configuration: How the server behaves.
    ///   - loops: How many event loops it has.
    ///   - services: The services of the application, such as `ChannelLayers()` that several clients share. Without
    ///     channel layers among them, this one has a layer in memory of its own.
    ///   - log: Where the server and its consumers say what happened.
    /// - Throws: `ServerError` where the address is taken or not ours.
    public static func start(
        _ application: any Application, at address: SocketAddress = .internet(host: "127.0.0.1", port: 0),
        configuration: ServerConfiguration = ServerConfiguration(), loops: Int = 1,
        services: any ServiceProvider = Services.none, log: Log = Log(level: .warning)
    ) async throws -> LiveServer {
        let server = Server(
            application: application, configuration: configuration, loops: loops, services: services, log: log)
        do {
            try server.startWorkers()
            return LiveServer(server, at: try await server.listen(at: address))
        } catch {
            await server.stop()
            throw error
        }
    }

    /// Serves `application` while `body` runs, and stops the server when it has returned or thrown.
    ///
    /// - Parameters: As for ``start(_:at:configuration:loops:services:log:)``.
    /// - Returns: What `body` returns.
    /// - Throws: `ServerError` where the server cannot listen; what `body` throws.
    public static func run<Result>(
        _ application: any Application, at address: SocketAddress = .internet(host: "127.0.0.1", port: 0),
        configuration: ServerConfiguration = ServerConfiguration(), loops: Int = 1,
        services: any ServiceProvider = Services.none, log: Log = Log(level: .warning),
        _ body: (LiveServer) async throws -> Result
    ) async throws -> Result {
        let server = try await start(
            application, at: address, configuration: configuration, loops: loops, services: services, log: log)
        let result: Result
        do {
            result = try await body(server)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
        return result
    }

    /// Stops in order: sockets are closed with 1001, and what is under way is waited for, up to the configuration's
    /// `stopTimeout`.
    public func stop() async { await server.stop() }

    /// The server's metrics.
    public var metrics: Metrics { server.metrics }

    /// The port; nil for a Unix socket.
    public var port: Int? {
        guard case .internet(_, let port) = address else { return nil }
        return port
    }

    /// `http://127.0.0.1:49152`, without a slash at its end. For a Unix socket `http://localhost`, as clients that are given
    /// the socket's path apart want it: `curl --unix-socket /run/test.sock http://localhost/`.
    public var url: String { "http://" + authority }

    /// `ws://127.0.0.1:49152`, without a slash at its end; for a Unix socket `ws://localhost`.
    public var webSocketURL: String { "ws://" + authority }

    private var authority: String {
        guard case .internet = address else { return "localhost" }
        return address.description
    }
}
