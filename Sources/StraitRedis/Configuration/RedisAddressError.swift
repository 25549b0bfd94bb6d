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
