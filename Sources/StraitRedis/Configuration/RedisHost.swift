/// A Redis server of a channel layer: an entry of Channels' `hosts`.
///
/// ```swift
/// try RedisHost("redis://:secret@10.0.0.5:6379/1")
/// RedisHost.server(RedisAddress(host: "10.0.0.5"))
/// RedisHost.sentinels(RedisSentinels(masterName: "mymaster", sentinels: [("10.0.0.1", 26379)]))
/// ```
public enum RedisHost: Sendable, Hashable {
    /// A server with a fixed address.
    case server(RedisAddress)
    /// The current master according to sentinels.
    case sentinels(RedisSentinels)

    /// Creates a host from a URL, as ``RedisAddress/init(_:)`` parses it.
    ///
    /// - Throws: ``RedisAddressError``.
    public init(_ url: String) throws(RedisAddressError) { self = .server(try RedisAddress(url)) }
}

extension RedisHost: CustomStringConvertible {
    /// The address without passwords, suitable for logs.
    public var description: String {
        switch self {
        case .server(let address): address.description
        case .sentinels(let sentinels): sentinels.description
        }
    }
}
