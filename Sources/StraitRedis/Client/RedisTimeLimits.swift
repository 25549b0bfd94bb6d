/// How long the parts of talking to Redis may take.
package struct RedisTimeLimits: Sendable {
    /// Until a connection is there, its handshake included; redis-py's `socket_connect_timeout`. 5 seconds.
    package var connect: Duration = .seconds(5)
    /// Until a command is answered, or, without a connection, refused to who sent it; redis-py's `socket_timeout`. 5
    /// seconds.
    package var command: Duration = .seconds(5)
    /// The time that one blocking read waits before it is repeated. 5 seconds.
    package var read: Duration = .seconds(5)
    package var reconnect = ReconnectDelay()
    /// The time that a channel without a process is still listened to after its last receiver gave up. 5 seconds.
    package var abandonedChannel: Duration = .seconds(5)
    /// The time that such a channel is still listened to after its last message was received: a worker that handles one
    /// for long comes back for the next. Channels listens for as long as the process lives. An hour.
    package var idleChannel: Duration = .seconds(3600)

    package init() {}
}
