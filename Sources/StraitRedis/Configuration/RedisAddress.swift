/// The address of a Redis server with credentials and database: an entry of `hosts` in channels_redis.
///
/// ```swift
/// RedisAddress(host: "10.0.0.5", port: 6379)               // ("10.0.0.5", 6379)
/// try RedisAddress("rediss://app:secret@redis.example/1")  // "rediss://…", or {"address": "rediss://…"}
/// ```
///
/// The other keys of such an entry (`db`, `username`, `password`) are properties.
///
/// TLS addresses are parsed but not supported yet: a layer with one does not connect, and reports an error.
public struct RedisAddress: Sendable, Hashable {
    /// The endpoint of a connection.
    public enum Endpoint: Sendable, Hashable {
        /// A host name or IP address (IPv6 without brackets), and a port.
        case tcp(host: String, port: UInt16)
        /// The absolute path of a Unix domain socket.
        case unix(path: String)
    }

    /// The server's endpoint.
    public var endpoint: Endpoint
    /// Whether the connection uses TLS.
    public var isSecure: Bool
    /// The user name, or nil for the server's default user.
    public var username: String?
    /// The password, or nil if the server requires none.
    public var password: String?
    /// The database number, from 0.
    public var database: Int

    /// Creates the address of a TCP server, without a password.
    public init(host: String = "localhost", port: UInt16 = defaultPort) {
        self.init(.tcp(host: host, port: port))
    }

    /// Creates the address of a server at any endpoint, without a password.
    public init(_ endpoint: Endpoint, isSecure: Bool = false) {
        self.endpoint = endpoint
        self.isSecure = isSecure
        database = 0
    }

    /// The default port of Redis: 6379.
    public static let defaultPort: UInt16 = 6379
}

extension RedisAddress: CustomStringConvertible, CustomReflectable {
    /// The URL without the password, suitable for logs.
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

    /// An empty mirror, because `dump` would show the password.
    public var customMirror: Mirror { Mirror(self, children: []) }
}

/// An error in a Redis URL. It never quotes the URL, which may contain a password.
public struct RedisAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem and advice.
    public let description: String

    private init(_ description: String) { self.description = description }

    static let scheme = RedisAddressError(
        "A Redis URL begins with redis://, rediss:// (TLS) or unix:// (a socket's path). Write "
            + "redis://localhost:6379, for instance.")
    static let port = RedisAddressError(
        "The port of a Redis URL is not a number from 1 to 65535. Write redis://host:6379, and a password before the "
            + "host: redis://:password@host:6379.")
    static let host = RedisAddressError(
        "The host of a Redis URL is not valid. Write a host name or an IP address. IPv6 needs brackets: "
            + "redis://[::1]:6379.")
    static let database = RedisAddressError(
        "The database of a Redis URL is not a number from 0. Write redis://host:6379/1, or unix:///path?db=1.")
    static let reserved = RedisAddressError(
        "A Redis URL has an invalid @, # or space. If it is part of the user or the password, write %40 for @, "
            + "%23 for #, %20 for a space, %2F for / and %3F for ?.")
    static let percent = RedisAddressError(
        "A Redis URL has a % without two hexadecimal digits after it, or bytes that are not UTF-8. Write %25 for the "
            + "character % itself.")
    static let path = RedisAddressError(
        "A unix:// URL has no absolute path. Write three slashes: unix:///run/redis/redis.sock.")

    static func option(_ name: String) -> RedisAddressError {
        RedisAddressError(
            "A Redis URL has the option \(name.debugDescription), which Strait does not support. \(options)")
    }

    static func repeated(_ name: String) -> RedisAddressError {
        RedisAddressError("A Redis URL has the option \(name.debugDescription) twice. \(options)")
    }

    private static let options = "Use db, username or password, each once."
}
