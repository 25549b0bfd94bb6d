/// Where a Redis server is and how to get in: what channels_redis has as an entry of `hosts`.
///
/// ```swift
/// RedisAddress(host: "10.0.0.5", port: 6379)               // ("10.0.0.5", 6379)
/// try RedisAddress("rediss://app:secret@redis.example/1")  // "rediss://…", or {"address": "rediss://…"}
/// ```
///
/// What else a dictionary has there (`db`, `username`, `password`) is set on the value.
package struct RedisAddress: Sendable, Hashable {
    /// What to connect to.
    package enum Endpoint: Sendable, Hashable {
        /// A name or an address, an IPv6 one without brackets, and the port.
        case tcp(host: String, port: UInt16)
        /// The absolute path of a socket.
        case unix(path: String)
    }

    package var endpoint: Endpoint
    /// Whether the connection is TLS.
    package var isSecure: Bool
    /// Nil for the server's default user.
    package var username: String?
    /// Nil where the server asks for none.
    package var password: String?
    /// The number of the database, from 0.
    package var database: Int

    /// The server at `host` and `port`, without a password.
    package init(host: String = "localhost", port: UInt16 = defaultPort) {
        self.init(.tcp(host: host, port: port))
    }

    package init(_ endpoint: Endpoint, isSecure: Bool = false) {
        self.endpoint = endpoint
        self.isSecure = isSecure
        database = 0
    }

    /// The port of Redis where none is named.
    package static let defaultPort: UInt16 = 6379

    /// The addresses that `urls` are, in order: the order decides which server has which channel. Without any it is the
    /// one at localhost, as in channels_redis.
    ///
    /// - Throws: ``RedisAddressError`` for the first that is none.
    package static func all(_ urls: [String]) throws(RedisAddressError) -> [RedisAddress] {
        var addresses: [RedisAddress] = []
        for url in urls { addresses.append(try RedisAddress(url)) }
        return addresses.isEmpty ? [RedisAddress()] : addresses
    }
}

extension RedisAddress: CustomStringConvertible {
    /// The URL without the password: this goes to logs.
    package var description: String {
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
}
