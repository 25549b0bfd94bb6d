/// A time of day: the value of a `TimeField`.
public struct PlainTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The hour, 0 to 23.
    public let hour: Int
    /// The minute, 0 to 59.
    public let minute: Int
    /// The second, 0 to 59.
    public let second: Int
    /// The microsecond, 0 to 999,999.
    public let microsecond: Int

    /// Creates a time. Returns nil if a number is out of range.
    public init?(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000).contains(microsecond)
        else { return nil }
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// The start of a day.
    static let midnight = PlainTime()

    private init() {
        (hour, minute, second, microsecond) = (0, 0, 0, 0)
    }

    /// Whether `left` is earlier.
    public static func < (left: PlainTime, right: PlainTime) -> Bool {
        (left.hour, left.minute, left.second, left.microsecond)
            < (right.hour, right.minute, right.second, right.microsecond)
    }

    /// The time: `14:30:59`, followed by `.000200` if there are microseconds.
    public var description: String {
        "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
            + (microsecond == 0 ? "" : "." + padded(microsecond, 6))
    }
}
