/// One of the places that a layer keeps its channels in: an entry of Channels' `hosts`.
///
/// ```swift
/// try RedisHost("redis://:secret@10.0.0.5:6379/1")
/// RedisHost.server(RedisAddress(host: "10.0.0.5"))
/// RedisHost.sentinels(RedisSentinels(masterName: "mymaster", sentinels: [("10.0.0.1", 26379)]))
/// ```
public enum RedisHost: Sendable, Hashable {
    /// A server that is always at the same address.
    case server(RedisAddress)
    /// The server that sentinels name.
    case sentinels(RedisSentinels)

    /// The server that a URL names, as ``RedisAddress/init(_:)`` reads it.
    ///
    /// - Throws: ``RedisAddressError``.
    public init(_ url: String) throws(RedisAddressError) { self = .server(try RedisAddress(url)) }
}

extension RedisHost: CustomStringConvertible {
    /// The address without passwords: this goes to logs.
    public var description: String {
        switch self {
        case .server(let address): address.description
        case .sentinels(let sentinels): sentinels.description
        }
    }
}
