import StraitWebSocket

/// What waits for a consumer, in order, with a limit in bytes.
///
/// A consumer takes one event after the other. What its peer sends meanwhile waits here, and past `limit` the
/// connection is no longer read: TCP then slows the peer down.
struct Mailbox {
    /// What one message costs besides its payload, so that empty messages fill the mailbox too.
    static let overhead = 64

    private let messages = MessageQueue()
    private(set) var bytes = 0
    let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { messages.isEmpty }
    var isFull: Bool { bytes >= limit }
    /// Whether there is room again, with some distance to being full so that reading does not start and stop all the time.
    var hasRoom: Bool { bytes <= limit / 2 }

    @inline(__always)
    mutating func append(_ message: consuming Message) {
        bytes &+= Self.overhead &+ message.payload.count
        messages.append(message)
    }

    @inline(__always)
    mutating func popFirst() -> Message? {
        guard let message = messages.popFirst() else { return nil }
        bytes &-= Self.overhead &+ message.payload.count
        return message
    }

    /// Drops what waits, and the memory, and says how many messages that were.
    @discardableResult
    mutating func removeAll() -> Int {
        bytes = 0
        return messages.removeAll()
    }
}
