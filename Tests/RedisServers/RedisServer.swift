public import Foundation
import Synchronization

/// A real `redis-server` for tests: without persistence, in a folder of its own, listening at a Unix socket, and at a
/// port of the loopback interface where that is asked for. It ends with this process, however that ends.
public final class RedisServer: Sendable {
    /// The folder that it has to itself.
    public let folder: URL
    /// The Unix socket that it listens at.
    public var socket: String { folder.appendingPathComponent("redis.sock").path }
    /// The port that it listens at; 0 for none.
    public let port: Int
    /// `unix:///…`, as Channels has it in `hosts`.
    public var url: String { "unix://\(socket)" }
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
    ///   - port: Where it listens beside its socket; 0 for nowhere.
    ///   - options: Further options of `redis-server`, such as `["--requirepass", "secret"]`.
    ///   - program: `redis-sentinel` is the other one.
    ///   - configuration: Lines of its configuration file.
    public init(
        port: Int = 0, options: [String] = [], program: String = "redis-server", configuration: [String] = []
    ) async throws {
        self.port = port
        self.program = program
        // Short: the path of a socket has 107 bytes at most.
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
        // Its guardian ends with it.
        try? FileManager.default.removeItem(at: folder)
    }

    /// A port of the loopback interface that nobody listened at a moment ago.
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
        guard isBound else { throw RedisServerFailure("No port of the loopback interface could be had.") }
        return Int(in_port_t(bigEndian: address.sin_port))
    }

    // MARK: What befalls it

    /// Starts it again, empty, with the same addresses.
    public func start() async throws {
        let guardian = try await Guardian(program, arguments, ready: Self.isReady)
        state.withLock { $0.guardian = guardian }
    }

    /// Ends it at once, as a crash would.
    public func crash() async {
        let guardian = state.withLock { state in
            defer { state.guardian = nil }
            return state.guardian
        }
        await guardian?.end()
    }

    /// Stops it without ending it: connections stay, and nothing is answered.
    public func pause() { signal(SIGSTOP) }
    public func resume() { signal(SIGCONT) }

    private func signal(_ number: Int32) {
        if let process = state.withLock({ $0.guardian?.process }) { kill(process, number) }
    }

    private static func isReady(_ line: String) -> Bool {
        line.lowercased().contains("ready to accept connections") || line.contains("Sentinel ID is")
    }
}

/// Why a server for tests could not be had.
public struct RedisServerFailure: Error, CustomStringConvertible {
    public let description: String
    public init(_ description: String) { self.description = description }
}
