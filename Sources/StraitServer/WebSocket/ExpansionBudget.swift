import StraitNetwork

/// A limit on the work that compressed messages cause: a kilobyte may expand to a megabyte (RFC 7692). It does no I/O:
/// it takes the sizes of messages and returns how long to leave the socket unread.
///
/// In one turn of the loop a socket expands at most ``perTurn`` bytes, which only the last message may exceed. The rest
/// waits for the next turn. Messages that expand more than ``ratio``-fold are read at ``rate`` bytes per second at
/// most, once ``allowance`` is used up.
package struct ExpansionBudget {
    /// The bytes that a socket may expand in one turn. 256 KiB.
    package static let perTurn = 256 << 10
    /// The largest expansion ratio that counts as ordinary text.
    package static let ratio = 64
    /// The bytes of larger expansion that are free, and come back with ordinary messages. 64 KiB.
    package static let allowance = 64 << 10
    /// The maximum rate of larger expansion, in bytes per second. 16 MiB.
    package static let rate = 16 << 20

    private static let most = 1 << 40

    /// The time for which a socket is left unread.
    package enum Rest: Equatable, Sendable {
        /// Not at all.
        case none
        /// Until the next turn of the loop.
        case turn
        /// For this long.
        case time(Duration)
    }

    /// A budget of which nothing is used.
    package init() {}

    /// The bytes that were expanded since the last rest.
    private var expanded = 0
    /// The bytes that were expanded beyond the ratio; negative as long as some of the allowance is left.
    private var debt = -Self.allowance

    /// The bytes of the unfinished message that have arrived.
    private var pending = 0

    /// Notes `count` bytes of a message that is not complete.
    package mutating func received(_ count: Int) {
        pending = min(pending + min(count, Self.most), Self.most)
    }

    /// Notes a message of `count` bytes, whose last `packed` bytes have arrived behind those noted before.
    package mutating func spend(_ count: Int, packed: Int) -> Rest {
        let packed = min(packed, Self.most) + pending
        pending = 0
        let (ordinary, isHuge) = packed.multipliedReportingOverflow(by: Self.ratio)
        let excess = isHuge ? -count : count - ordinary
        // No message is longer than this; what is more does not count.
        expanded += min(count, Self.most)
        debt = max(-Self.allowance, debt + min(max(excess, -Self.most), Self.most))
        guard expanded >= Self.perTurn || debt > 0 else { return .none }
        expanded = 0
        guard debt > 0 else { return .turn }
        defer { debt = 0 }
        return .time(.seconds(Double(debt) / Double(Self.rate)))
    }
}
