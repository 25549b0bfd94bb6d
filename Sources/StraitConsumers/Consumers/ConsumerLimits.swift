/// Size and time limits of a consumer.
public struct ConsumerLimits: Sendable {
    /// The number of queued message bytes at which the server stops reading from a busy consumer's connection. 64 KiB
    /// by default.
    public var mailbox = 64 << 10
    /// The number of queued event bytes, for a consumer or its peer, above which the
    /// ``/StraitLayers/SlowConsumerPolicy`` of the event's group applies. 256 KiB by default.
    public var events = 256 << 10
    /// The time that a handler may run after its socket closed, and `disconnect` after that. It is then cancelled and
    /// logged. 10 seconds by default, like Daphne's `--application-close-timeout`.
    public var closeTimeout: Duration = .seconds(10)
    /// The time that an idle consumer's task is kept. After that, an idle consumer needs no task. 5 seconds by default.
    public var idleTask: Duration = .seconds(5)

    /// Creates the default limits.
    public init() {}
}
