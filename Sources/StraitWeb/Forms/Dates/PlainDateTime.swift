/// A date and a time: the value of a `DateTimeField`.
public struct PlainDateTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The date.
    public let date: PlainDate
    /// The time of day.
    public let time: PlainTime
    /// The offset from UTC in seconds, positive to the east; nil if the text has none.
    public let utcOffset: Int?

    /// Creates a date and time.
    ///
    /// - Parameters:
    ///   - date: The date.
    ///   - time: The time of day.
    ///   - utcOffset: The offset from UTC in seconds, positive to the east; nil if it is unknown.
    public init(date: PlainDate, time: PlainTime, utcOffset: Int? = nil) {
        self.date = date
        self.time = time
        self.utcOffset = utcOffset
    }

    /// Whether `left` is earlier by date and time as written. Offsets are ignored.
    public static func < (left: PlainDateTime, right: PlainDateTime) -> Bool {
        (left.date, left.time) < (right.date, right.time)
    }

    /// The date and time: `2026-02-28 14:30:59`, followed by `+02:00` if the offset is known.
    public var description: String {
        guard let utcOffset else { return "\(date) \(time)" }
        let size = utcOffset.magnitude
        let seconds = size % 60 == 0 ? "" : ":" + padded(Int(size % 60), 2)
        let sign = utcOffset < 0 ? "-" : "+"
        return "\(date) \(time)\(sign)\(padded(Int(size / 3600), 2)):\(padded(Int(size / 60 % 60), 2))" + seconds
    }
}
