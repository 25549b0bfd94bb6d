package import StraitNetwork

/// What a layer's connections live on: parameters, so that a test can have all of it its own way.
package struct RedisClientSettings: Sendable {
    /// The loop that all connections are on.
    package var loop: EventLoop
    package var dialer: any RedisDialer = SocketDialer()
    package var limits = RedisTimeLimits()
    /// Makes a source of chance, of which several have to differ.
    package var generator: @Sendable () -> any RandomNumberGenerator = { SystemRandomNumberGenerator() }
    /// How often groups are announced anew.
    package var refresh: Duration = .seconds(15)

    package var lease = PresenceLease()

    package init(loop: EventLoop = RedisClientSettings.sharedLoop) { self.loop = loop }

    /// The loop of all layers of this process, whose thread starts with the first of them. One of its own: what holds
    /// up a loop of the server's does not hold up Redis, and the reverse.
    package static let sharedLoop: EventLoop = {
        let loop = EventLoop()
        loop.start()
        return loop
    }()
}
