import StraitCore

/// A limit on the work that a socket's compressed messages cause: a kilobyte may expand to a megabyte (RFC 7692). It
/// does no I/O: it receives the sizes of messages and returns how long to stop reading.
///
/// In one turn of the loop, a socket may expand ``perTurn`` bytes; only the last message may exceed this. The rest
/// waits for the next turn. Messages that expand more than ``ratio``-fold are read at no more than ``rate`` bytes per
/// second after ``allowance`` is used up.
package struct ExpansionBudget {
    /// The number of bytes that a socket may expand in one turn: 256 KiB.
    package static let perTurn = 256 << 10
    /// The largest expansion ratio that counts as ordinary text.
    package static let ratio = 64
    /// The number of bytes over the ratio that are free: 64 KiB. Ordinary messages restore it.
    package static let allowance = 64 << 10
    /// The maximum rate of bytes over the ratio, per second: 16 MiB.
    package static let rate = 16 << 20

    private static let most = 1 << 40

    /// The time for which a socket is not read.
    package enum Rest: Equatable, Sendable {
        /// Continue to read.
        case none
        /// Until the next turn of the loop.
        case turn
        /// For this duration.
        case time(Duration)
    }

    /// Creates an unused budget.
    package init() {}

    /// The number of bytes expanded since the last rest.
    private var expanded = 0
    /// The number of bytes expanded over the ratio; negative while some of the allowance is left.
    private var debt = -Self.allowance

    /// The number of compressed bytes of the unfinished message that have arrived.
    private var pending = 0

    /// Records `count` bytes of an unfinished message.
    package mutating func received(_ count: Int) {
        pending = min(pending + min(count, Self.most), Self.most)
    }

    /// Records a message of `count` bytes, whose last `packed` compressed bytes have just arrived.
    ///
    /// - Returns: The time for which the socket must not be read.
    package mutating func spend(_ count: Int, packed: Int) -> Rest {
        let packed = min(packed, Self.most) + pending
        pending = 0
        let (ordinary, isHuge) = packed.multipliedReportingOverflow(by: Self.ratio)
        let excess = isHuge ? -count : count - ordinary
        // Larger counts are clamped; no message is that long.
        expanded += min(count, Self.most)
        debt = max(-Self.allowance, debt + min(max(excess, -Self.most), Self.most))
        guard expanded >= Self.perTurn || debt > 0 else { return .none }
        expanded = 0
        guard debt > 0 else { return .turn }
        defer { debt = 0 }
        return .time(.seconds(Double(debt) / Double(Self.rate)))
    }
}
