/// Where a Redis server is and how to get in: what channels_redis has as an entry of `hosts`.
///
/// ```swift
/// RedisAddress(host: "10.0.0.5", port: 6379)               // ("10.0.0.5", 6379)
/// try RedisAddress("rediss://app:secret@redis.example/1")  // "rediss://…", or {"address": "rediss://…"}
/// ```
///
/// What else a dictionary has there (`db`, `username`, `password`) is set on the value. TLS is read, so that it can be
/// refused: the layers do not speak it yet, and connect nowhere then.
public struct RedisAddress: Sendable, Hashable {
    /// What to connect to.
    public enum Endpoint: Sendable, Hashable {
        /// A name or an address, an IPv6 one without brackets, and the port.
        case tcp(host: String, port: UInt16)
        /// The absolute path of a socket.
        case unix(path: String)
    }

    /// Where the server is.
    public var endpoint: Endpoint
    /// Whether the connection is TLS.
    public var isSecure: Bool
    /// Nil for the server's default user.
    public var username: String?
    /// Nil where the server asks for none.
    public var password: String?
    /// The number of the database, from 0.
    public var database: Int

    /// The server at `host` and `port`, without a password.
    public init(host: String = "localhost", port: UInt16 = defaultPort) {
        self.init(.tcp(host: host, port: port))
    }

    /// The server at `endpoint`, without a password.
    public init(_ endpoint: Endpoint, isSecure: Bool = false) {
        self.endpoint = endpoint
        self.isSecure = isSecure
        database = 0
    }

    /// The port of Redis where none is named.
    public static let defaultPort: UInt16 = 6379
}

extension RedisAddress: CustomStringConvertible, CustomReflectable {
    /// The URL without the password: this goes to logs.
    public var description: String {
        let user = username ?? ""
        let secret = password == nil ? "" : ":…"
        let access = user.isEmpty && secret.isEmpty ? "" : user + secret + "@"
        switch endpoint {
        case .tcp(let host, let port):
            let host = host.contains(":") ? "[\(host)]" : host
            return "\(isSecure ? "rediss" : "redis")://\(access)\(host):\(port)/\(database)"
        case .unix(let path): return "unix://\(access)\(path)?db=\(database)"
        }
    }

    /// Nothing beside the description: `dump` would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
