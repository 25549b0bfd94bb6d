import StraitCore
import StraitWebSocket

/// The messages queued for a consumer, in order, with a limit in bytes.
///
/// A consumer handles one event after the other. Messages that arrive meanwhile are queued here. At `limit` the
/// connection is no longer read, so that TCP slows down the peer.
///
/// It is a ring buffer that moves messages without reference counting. It is called twice per message, and an array
/// would cost several times as much. The event loop's `Ring` is equivalent, but generic types of another module are not
/// specialised.
@safe final class Mailbox {
    /// The cost of a message in addition to its payload, so that empty messages also fill the mailbox.
    static let overhead = 64

    // SAFETY: exactly the `count` places from `head` on are initialized, and `capacity` is a power of two or zero.
    private var places: UnsafeMutablePointer<Message>?
    private var capacity = 0
    private var head = 0
    private var count = 0
    private var bytes = 0
    /// The number of messages removed so far.
    private(set) var handed: UInt64 = 0
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    deinit { removeAll() }

    var isEmpty: Bool { count == 0 }
    /// The number of messages added so far.
    var arrived: UInt64 { handed &+ UInt64(count) }
    var isFull: Bool { bytes >= limit }
    /// Whether there is room again. The threshold is half the limit, so that reading does not start and stop all the
    /// time.
    var hasRoom: Bool { bytes <= limit / 2 }

    func append(_ message: consuming Message) {
        if count == capacity { grow() }
        bytes &+= Self.overhead &+ message.payload.count
        let place = (head &+ count) & (capacity &- 1)
        guard let places = unsafe places else { preconditionFailure("A full mailbox grows first.") }
        unsafe (places + place).initialize(to: message)
        count &+= 1
    }

    /// Removes the oldest message and returns it.
    ///
    /// - Precondition: The mailbox is not empty.
    func removeFirst() -> Message {
        guard count > 0, let places = unsafe places else { preconditionFailure("The mailbox is empty.") }
        let message = unsafe (places + head).move()
        head = (head &+ 1) & (capacity &- 1)
        count &-= 1
        handed &+= 1
        bytes &-= Self.overhead &+ message.payload.count
        return message
    }

    /// Drops all messages, frees the memory, and returns the number of messages.
    @discardableResult
    func removeAll() -> Int {
        let dropped = count
        while count > 0 { _ = removeFirst() }
        unsafe places?.deallocate()
        unsafe places = nil
        capacity = 0
        head = 0
        return dropped
    }

    private func grow() {
        let larger = max(4, capacity &* 2)
        let moved = UnsafeMutablePointer<Message>.allocate(capacity: larger)
        if let places = unsafe places {
            for index in 0..<count {
                unsafe (moved + index).moveInitialize(from: places + ((head &+ index) & (capacity &- 1)), count: 1)
            }
            unsafe places.deallocate()
        }
        unsafe places = moved
        capacity = larger
        head = 0
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
