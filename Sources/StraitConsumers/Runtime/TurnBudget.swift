import StraitNetwork

/// A consumer's budget for one turn of its loop: 256 messages and events, or 2 milliseconds since the turn began. It keeps a
/// client that sends many messages at once from delaying the others.
///
/// The clock is read before the fourth message and then before every sixteenth, or before each if they are slow: reading it
/// more often would cost more than a small message does. The count is a plain field of the session, because a value within
/// a class would be checked for exclusive access with each message.
enum TurnBudget {
    private static let messages: Int32 = 256
    private static let time = Duration.milliseconds(2)
    private static let slow = Duration.microseconds(500)

    /// Whether the clock has to be read before the message with this number in the turn, counted from 1.
    @inline(__always)
    static func asksClock(before number: Int32) -> Bool { number & 15 == 4 }

    /// Whether handlers are so slow that the clock has to be read before each message.
    static func isSlow(after elapsed: Duration) -> Bool { elapsed > slow }

    /// Whether the budget is used up before the message with this number, in a turn that has taken `elapsed` so far.
    static func isSpent(before number: Int32, after elapsed: Duration) -> Bool {
        number > messages || elapsed > time
    }
}
