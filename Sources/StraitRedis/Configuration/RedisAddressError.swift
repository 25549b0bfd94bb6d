/// Why a text is no address of a Redis server. It never quotes the text, which may have a password in it.
public struct RedisAddressError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong with it and what to write.
    public let description: String

    private init(_ description: String) { self.description = description }

    static let scheme = RedisAddressError(
        "A Redis URL begins with redis://, rediss:// (TLS) or unix:// (a socket's path). Write "
            + "redis://localhost:6379, for instance.")
    static let port = RedisAddressError(
        "The port of a Redis URL is no number from 1 to 65535. Write redis://host:6379, and a password in front of "
            + "the host: redis://:password@host:6379.")
    static let host = RedisAddressError(
        "The host of a Redis URL is not valid. Write a name or an address, one of IPv6 in brackets: redis://[::1]:6379."
    )
    static let database = RedisAddressError(
        "The database of a Redis URL is no number from 0. Write redis://host:6379/1, or unix:///path?db=1.")
    static let reserved = RedisAddressError(
        "A Redis URL has an @, a # or a space where none may be. If it is part of the user or the password, write %40 "
            + "for @, %23 for #, %20 for a space, %2F for / and %3F for ?.")
    static let percent = RedisAddressError(
        "A Redis URL has a % without two hexadecimal digits behind it, or bytes that are not UTF-8. Write %25 for the "
            + "character % itself.")
    static let path = RedisAddressError(
        "A unix:// URL has no absolute path. Write three slashes: unix:///run/redis/redis.sock.")

    static func option(_ name: String) -> RedisAddressError {
        RedisAddressError("A Redis URL has the option \(name.debugDescription), which Strait does not have. \(options)")
    }

    static func repeated(_ name: String) -> RedisAddressError {
        RedisAddressError("A Redis URL has the option \(name.debugDescription) twice. \(options)")
    }

    private static let options = "Give db, username or password, each once."
}
