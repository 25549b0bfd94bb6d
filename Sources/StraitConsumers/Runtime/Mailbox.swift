import StraitCore
import StraitWebSocket

/// The messages queued for a consumer, in order, with a limit in bytes.
///
/// A consumer handles one event after the other. Messages that arrive meanwhile are queued here. At `limit` the
/// connection is no longer read, so that TCP slows down the peer.
///
/// Each message is added and removed once, on a busy path. An array would cost several times as much as the ring.
final class Mailbox {
    /// The cost of a message in addition to its payload, so that empty messages also fill the mailbox.
    static let overhead = 64

    // SAFETY: each access is one call of the ring. The ring calls no other code: messages are destroyed outside of it.
    @exclusivity(unchecked) private var messages = Ring<Message>()
    private var bytes = 0
    /// The number of messages removed so far.
    private(set) var handed: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { unsafe messages.isEmpty }
    /// The number of messages added so far.
    var arrived: UInt64 { unsafe handed &+ UInt64(messages.count) }
    var isFull: Bool { bytes >= limit }
    /// Whether there is room again. The threshold is half the limit, so that reading does not start and stop all the
    /// time.
    var hasRoom: Bool { bytes <= limit / 2 }

    func append(_ message: consuming Message) {
        bytes &+= Self.overhead &+ message.payload.count
        unsafe messages.append(message)
    }

    /// Removes the oldest message and returns it.
    ///
    /// - Precondition: The mailbox is not empty.
    func removeFirst() -> Message {
        let message = unsafe messages.removeFirst()
        handed &+= 1
        bytes &-= Self.overhead &+ message.payload.count
        return message
    }

    /// Drops all messages, frees the memory, and returns the number of messages.
    @discardableResult
    func removeAll() -> Int {
        let dropped = unsafe messages.count
        while !isEmpty { _ = removeFirst() }
        unsafe messages.removeAll()
        return dropped
    }
}

/// A consumer's budget for one turn of its event loop: 256 messages and events, or 2 milliseconds since the turn began.
/// It keeps a client that sends many messages at once from delaying others.
///
/// The clock is read before the fourth message and then before every sixteenth, or before each message if handlers are
/// slow. Reading it more often would cost more than handling a small message. The count is a property of the session.
/// In a nested struct, each access would need an exclusivity check.
enum TurnBudget {
    private static let messages: Int32 = 256
    private static let time = Duration.milliseconds(2)
    private static let slow = Duration.microseconds(500)

    /// Whether to read the clock before the message with this number in the turn, counted from 1.
    @inline(__always)
    static func asksClock(before number: Int32) -> Bool { number & 15 == 4 }

    /// Whether handlers are so slow that the clock is read before each message.
    static func isSlow(after elapsed: Duration) -> Bool { elapsed > slow }

    /// Whether the budget is spent before the message with this number, in a turn that has taken `elapsed` so far.
    static func isSpent(before number: Int32, after elapsed: Duration) -> Bool {
        number > messages || elapsed > time
    }
}
