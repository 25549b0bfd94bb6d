/// How much may wait for a consumer, and for how long.
public struct ConsumerLimits: Sendable {
    /// The bytes of messages that wait for a busy consumer before its connection is no longer read. 64 KiB.
    public var mailbox = 64 << 10
    /// The bytes of events of groups that wait for a consumer or its peer, before their group's ``/StraitLayers/SlowConsumerPolicy`` is
    /// met. 256 KiB.
    public var events = 256 << 10
    /// How long a handler may go on after its socket closed, and `disconnect` after that, before it is cancelled and
    /// named in the log. 10 seconds, as Daphne's `--application-close-timeout`.
    public var closeTimeout: Duration = .seconds(10)
    /// How long the task of a consumer that has nothing to do is kept. After that an idle consumer costs no task.
    public var idleTask: Duration = .seconds(5)

    public init() {}
}
