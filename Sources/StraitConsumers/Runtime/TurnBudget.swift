import StraitNetwork

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
