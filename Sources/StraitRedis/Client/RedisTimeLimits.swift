/// Time limits for communication with Redis.
package struct RedisTimeLimits: Sendable {
    /// The time to connect, including the handshake: 5 seconds. redis-py's `socket_connect_timeout`.
    package var connect: Duration = .seconds(5)
    /// The time until a command is answered, or fails without a connection: 5 seconds. redis-py's `socket_timeout`.
    package var command: Duration = .seconds(5)
    /// The time that one blocking read waits before it is repeated: 5 seconds.
    package var read: Duration = .seconds(5)
    /// The delays between connection attempts.
    package var reconnect = ReconnectDelay()
    /// The time that a channel of no process stays subscribed after its last receiver was cancelled: 5 seconds.
    package var abandonedChannel: Duration = .seconds(5)
    /// The time that such a channel stays subscribed after its last message was received: an hour.
    ///
    /// A worker may handle a message for long before it receives the next one. Channels stays subscribed while the
    /// process is running.
    package var idleChannel: Duration = .seconds(3600)

    package init() {}
}
