public import StraitCore
import StraitHTTP
public import StraitRouting
public import StraitServer

/// A real server for one test; Channels' `ChannelsLiveServerTestCase`, but in the test's process. It listens on a free
/// port of 127.0.0.1 or on a Unix socket, and serves any client, such as a browser.
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
    /// The address on which the server listens, with the actual port.
    public let address: SocketAddress

    private init(_ server: Server, at address: SocketAddress) {
        self.server = server
        self.address = address
    }

    /// Starts a server, with the application's workers. Stop it with ``stop()``.
    ///
    /// - Parameters:
    ///   - application: The application to serve.
    ///   - address: The address to listen on. The default is a free port of 127.0.0.1.
    ///   - configuration: The server's configuration.
    ///   - loops: The number of event loops.
    ///   - services: The application's services, such as `ChannelLayers()` that several clients share. Without channel
    ///     layers, this server uses its own in-memory layer.
    ///   - log: The log of the server and its consumers.
    /// - Throws: `ServerError` if the address is in use or not available.
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

    /// Serves `application` while `body` runs, and stops the server afterwards.
    ///
    /// - Parameters: See ``start(_:at:configuration:loops:services:log:)``.
    /// - Returns: The result of `body`.
    /// - Throws: `ServerError` if the server cannot listen, or the error of `body`.
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

    /// Stops the server gracefully: sockets are closed with 1001, and running requests may finish within the
    /// configuration's `stopTimeout`.
    public func stop() async { await server.stop() }

    /// The server's metrics.
    public var metrics: Metrics { server.metrics }

    /// The port, or nil for a Unix socket.
    public var port: Int? {
        guard case .internet(_, let port) = address else { return nil }
        return port
    }

    /// The base URL without a trailing slash: `http://127.0.0.1:49152`. For a Unix socket it is `http://localhost`, for
    /// clients that take the socket's path separately: `curl --unix-socket /run/test.sock http://localhost/`.
    public var url: String { "http://" + authority }

    /// The WebSocket base URL without a trailing slash: `ws://127.0.0.1:49152`, or `ws://localhost` for a Unix socket.
    public var webSocketURL: String { "ws://" + authority }

    private var authority: String {
        guard case .internet = address else { return "localhost" }
        return address.description
    }
}
