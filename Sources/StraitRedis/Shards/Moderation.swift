import StraitNetwork

/// When messages that follow each other closely, and go to hundreds of sockets, wait for each other: one in a write of
/// its own costs each of the sockets ten times as much as one that shares it. A value without a clock.
struct Moderation {
    /// From how many sockets on a message is to many.
    static let many = 100
    /// For how long a message to many has those that follow it held back.
    static let closely = Duration.milliseconds(50)
    /// How long is waited for another one.
    static let gap = Duration.milliseconds(1)
    /// How long the first of those that are held back waits at most.
    static let longestHold = Duration.milliseconds(8)
    /// How many messages are held back at most.
    static let most = 256
    /// How many bytes of them.
    static let mostBytes = 1 << 20
    /// Twice what writing to one socket takes: as much time is left for what the loops have to do beside it, such as to
    /// publish what comes next.
    static let timeOfDelivery = Duration.microseconds(10)

    private var lastToMany = Instant(nanoseconds: .min / 2)

    /// Whether what came at `now`, as the latest of `count` messages of `bytes` together, waits for more; the first one
    /// came at `first`.
    func holds(_ count: Int, bytes: Int, since first: Instant, now: Instant) -> Bool {
        lastToMany.duration(to: now) < Self.closely && first.duration(to: now) < Self.longestHold
            && count < Self.most && bytes < Self.mostBytes
    }

    /// Notes that something went to `sockets` at `now`, and says how long to leave the loops alone then; nil for not at
    /// all.
    mutating func delivered(to sockets: Int, now: Instant) -> Duration? {
        guard sockets >= Self.many else { return nil }
        lastToMany = now
        return min(Self.longestHold, Self.timeOfDelivery * sockets)
    }
}
