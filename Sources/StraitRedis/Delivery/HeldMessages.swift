import StraitCore

/// Received messages that wait briefly for more, so that one write to a socket has several. See ``WriteCoalescing``.
struct HeldMessages<Message> {
    private var messages: [Message] = []
    private var bytes = 0
    private var since = Instant(nanoseconds: 0)
    private var coalescing = WriteCoalescing()

    var isEmpty: Bool { messages.isEmpty }

    mutating func add(_ message: Message, bytes: Int, now: Instant) {
        if messages.isEmpty { since = now }
        messages.append(message)
        self.bytes += bytes
    }

    /// Whether the messages should wait for more.
    func waits(at now: Instant) -> Bool {
        coalescing.holds(messages.count, bytes: bytes, since: since, now: now)
    }

    /// Removes and returns all messages.
    mutating func takeAll() -> [Message] {
        defer {
            messages = []
            bytes = 0
        }
        return messages
    }

    /// Records a delivery to `sockets` at `now`. Returns the time before the next delivery, or nil if none is needed.
    mutating func delivered(to sockets: Int, now: Instant) -> Duration? {
        coalescing.delivered(to: sockets, now: now)
    }
}

/// A policy for combining messages that follow each other closely into one write. It has no clock: callers pass the
/// time.
///
/// For messages to hundreds of sockets, a separate write costs each socket ten times as much as a shared one.
struct WriteCoalescing {
    /// The minimum number of sockets for which writes are combined.
    static let many = 100
    /// The time after a message to many sockets in which further messages are held.
    static let closely = Duration.milliseconds(50)
    /// The time to wait for another message.
    static let gap = Duration.milliseconds(1)
    /// The maximum time that the first held message waits.
    static let longestHold = Duration.milliseconds(8)
    /// The maximum number of held messages.
    static let most = 256
    /// The maximum total size of held messages, in bytes.
    static let mostBytes = 1 << 20
    /// The wait before the next delivery, for each socket: twice the time of a write to it. The second half is for
    /// other work on the loops, such as publishing the next message.
    static let timeOfDelivery = Duration.microseconds(10)

    private var lastToMany = Instant(nanoseconds: .min / 2)

    /// Whether held messages should wait for more.
    ///
    /// - Parameters:
    ///   - count: The number of held messages.
    ///   - bytes: Their total size.
    ///   - first: The time when the first of them arrived.
    func holds(_ count: Int, bytes: Int, since first: Instant, now: Instant) -> Bool {
        lastToMany.duration(to: now) < Self.closely && first.duration(to: now) < Self.longestHold
            && count < Self.most && bytes < Self.mostBytes
    }

    /// Records a delivery to `sockets` at `now`. Returns the time before the next delivery, or nil if none is needed.
    mutating func delivered(to sockets: Int, now: Instant) -> Duration? {
        guard sockets >= Self.many else { return nil }
        lastToMany = now
        return min(Self.longestHold, Self.timeOfDelivery * sockets)
    }
}
