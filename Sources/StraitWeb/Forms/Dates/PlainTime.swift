/// A time of the day; what a `TimeField` holds.
public struct PlainTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// 0...23.
    public let hour: Int
    /// 0...59.
    public let minute: Int
    /// 0...59.
    public let second: Int
    /// 0...999,999.
    public let microsecond: Int

    /// Nil where the clock has no such time.
    public init?(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000).contains(microsecond)
        else { return nil }
        self.hour = hour
        self.minute = minute
        self.second = second
        self.microsecond = microsecond
    }

    /// The beginning of a day.
    static let midnight = PlainTime()

    private init() {
        (hour, minute, second, microsecond) = (0, 0, 0, 0)
    }

    public static func < (left: PlainTime, right: PlainTime) -> Bool {
        (left.hour, left.minute, left.second, left.microsecond)
            < (right.hour, right.minute, right.second, right.microsecond)
    }

    /// `14:30:59`, with `.000200` behind it where there are microseconds.
    public var description: String {
        "\(padded(hour, 2)):\(padded(minute, 2)):\(padded(second, 2))"
            + (microsecond == 0 ? "" : "." + padded(microsecond, 6))
    }
}
