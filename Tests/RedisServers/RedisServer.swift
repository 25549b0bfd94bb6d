public import Foundation
import Synchronization

/// A real `redis-server` for tests, without persistence. It has its own folder and listens on a Unix socket, and
/// optionally on a loopback port. It ends with this process.
public final class RedisServer: Sendable {
    /// The server's own folder.
    public let folder: URL
    /// The path of its Unix socket.
    public var socket: String { folder.appendingPathComponent("redis.sock").path }
    /// Its loopback port, or 0 if it has none.
    public let port: Int
    /// Its URL, `unix:///…`, as in Channels' `hosts`.
    public var url: String { "unix://\(socket)" }
    /// Returns the URLs of its first `databases` databases. Tests use each database as a server of its own.
    public func urls(databases: Int) -> [String] { (0..<databases).map { "\(url)?db=\($0)" } }
    private let program: String
    private let arguments: [String]
    private let state = Mutex(State())

    private struct State {
        var guardian: Guardian?
        var isShared = false
    }

    /// Starts a server and returns when it accepts connections.
    ///
    /// - Parameters:
    ///   - port: The loopback port to listen on in addition to the socket; 0 for none.
    ///   - options: Further options of `redis-server`, such as `["--requirepass", "secret"]`.
    ///   - program: `redis-server` or `redis-sentinel`.
    ///   - configuration: Lines of its configuration file.
    public init(
        port: Int = 0, options: [String] = [], program: String = "redis-server", configuration: [String] = []
    ) async throws {
        self.port = port
        self.program = program
        // The path is short, because a socket's path has at most 107 bytes.
        folder = URL(fileURLWithPath: "/tmp").appendingPathComponent("strait-redis-\(UUID().uuidString.prefix(8))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("redis.conf")
        try Data((configuration.joined(separator: "\n") + "\n").utf8).write(to: file)
        var arguments = [file.path, "--port", String(port), "--dir", folder.path]
        arguments += ["--unixsocket", folder.appendingPathComponent("redis.sock").path]
        if program == "redis-server" { arguments += ["--save", "", "--appendonly", "no"] }
        self.arguments = arguments + options
        try await start()
    }

    deinit {
        // The guardian kills the server process.
        try? FileManager.default.removeItem(at: folder)
    }

    /// Returns a loopback port that was free a moment ago.
    public static func freePort() throws -> Int {
        let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue)
        let descriptor = Glibc.socket(AF_INET, kind, 0)
        defer { close(descriptor) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = unsafe withUnsafeMutablePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
            }
        }
        guard isBound else { throw RedisServerFailure("No loopback port is free: bind() failed.") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    // MARK: Outages

    /// Starts it again without data, at the same addresses.
    public func start() async throws {
        let guardian = try await Guardian(program, arguments, ready: Self.isReady)
        state.withLock { $0.guardian = guardian }
    }

    /// Kills it, as a crash would.
    public func crash() async {
        let guardian = state.withLock { state in
            defer { state.guardian = nil }
            return state.guardian
        }
        await guardian?.end()
    }

    /// Suspends the process: connections stay open, but get no replies.
    public func pause() { signal(SIGSTOP) }
    /// Resumes the process after ``pause()``. It then answers the commands that have arrived.
    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let process = state.withLock({ $0.guardian?.process }) { kill(process, number) }
    }

    private static func isReady(_ line: String) -> Bool {
        line.lowercased().contains("ready to accept connections") || line.contains("Sentinel ID is")
    }
}

/// An error while starting or using a program for tests.
public struct RedisServerFailure: Error, CustomStringConvertible {
    /// The cause, such as the program's last output.
    public let description: String
    /// Creates an error with a description.
    public init(_ description: String) { self.description = description }
}
