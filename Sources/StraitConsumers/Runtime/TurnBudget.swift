import StraitNetwork

/// A consumer's budget for one turn of its loop: 256 messages and events, or 2 milliseconds. It keeps a client that sends
/// many messages at once from delaying the others. The clock starts with the second message and is read before the
/// third, the sixth, and then every sixteenth: reading it more often would cost more than a small message does.
struct TurnBudget {
    private static let messages = 256
    private static let time = Duration.milliseconds(2)

    private var handled = 0
    private var began = Instant(nanoseconds: 0)

    /// Whether the budget is used up before another message is handled; reads `now` only if that is in question.
    mutating func isSpent(_ now: () -> Instant) -> Bool {
        handled &+= 1
        // Most wakes bring a single message and read no clock.
        if handled & 15 != 6, handled != 2, handled != 3 { return false }
        if handled == 2 {
            began = now()
            return false
        }
        return handled > Self.messages || began.duration(to: now()) > Self.time
    }
}
