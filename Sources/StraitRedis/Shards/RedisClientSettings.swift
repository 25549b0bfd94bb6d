package import StraitNetwork

/// The environment of a layer's connections, which tests can replace.
package struct RedisClientSettings: Sendable {
    /// The event loop of all connections.
    package var loop: EventLoop
    /// The factory for connections.
    package var dialer: any RedisDialer = SocketDialer()
    /// The time limits for communication with Redis.
    package var limits = RedisTimeLimits()
    /// Creates a random number generator. The generators must be independent.
    package var generator: @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
    /// The interval at which group memberships are renewed in Redis.
    package var refresh: Duration = .seconds(15)

    /// The lease of this process in presence.
    package var lease = PresenceLease()

    package init(loop: EventLoop = RedisClientSettings.sharedLoop) { self.loop = loop }

    /// The event loop of all layers of this process. Its thread starts with the first layer.
    ///
    /// It is separate from the server's loops, so that a blocked server loop does not delay Redis, and the reverse.
    package static let sharedLoop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()
}
