/// How long the parts of talking to Redis may take.
package struct RedisTimeLimits: Sendable {
    /// Until a connection is there, its handshake included; redis-py's `socket_connect_timeout`. 5 seconds.
    package var connect: Duration = .seconds(5)
    /// Until a command is answered, or, without a connection, refused to who sent it; redis-py's `socket_timeout`. 5
    /// seconds.
    package var command: Duration = .seconds(5)
    /// How long one blocking read waits before it is begun anew. 5 seconds.
    package var read: Duration = .seconds(5)
    package var reconnect = ReconnectDelay()

    package init() {}
}
