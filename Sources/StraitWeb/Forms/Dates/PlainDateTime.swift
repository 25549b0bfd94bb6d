/// A day and a time; what a `DateTimeField` holds.
public struct PlainDateTime: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let date: PlainDate
    public let time: PlainTime
    /// How far the place is ahead of UTC, in seconds, where the one who wrote it said so.
    public let utcOffset: Int?

    public init(date: PlainDate, time: PlainTime, utcOffset: Int? = nil) {
        self.date = date
        self.time = time
        self.utcOffset = utcOffset
    }

    /// By day and time as they are written; an offset does not count.
    public static func < (left: PlainDateTime, right: PlainDateTime) -> Bool {
        (left.date, left.time) < (right.date, right.time)
    }

    /// `2026-02-28 14:30:59`, with `+02:00` behind it where an offset is known.
    public var description: String {
        guard let utcOffset else { return "\(date) \(time)" }
        let size = utcOffset.magnitude
        let seconds = size % 60 == 0 ? "" : ":" + padded(Int(size % 60), 2)
        return
            "\(date) \(time)\(utcOffset < 0 ? "-" : "+")\(padded(Int(size / 3600), 2)):\(padded(Int(size / 60 % 60), 2))"
            + seconds
    }
}
