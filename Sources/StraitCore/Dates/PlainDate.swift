/// A calendar date without a time zone: the value of a `DateField`.
public struct PlainDate: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The year, 1 to 9999.
    public let year: Int
    /// The month, 1 to 12.
    public let month: Int
    /// The day of the month, 1 to 31.
    public let day: Int

    /// Creates a date. Returns nil if the calendar has no such day.
    public init?(year: Int, month: Int, day: Int) {
        guard CivilDate.exists(year, month, day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Whether `left` is earlier.
    public static func < (left: PlainDate, right: PlainDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    /// The date in ISO 8601: `2026-02-28`.
    public var description: String { ISODateText.date(CivilDate(year: year, month: month, day: day)) }
}

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
        "\(date) \(time)" + (utcOffset.map(ISODateText.offset) ?? "")
    }
}

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
    package static let midnight = PlainTime()

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
        ISODateText.time(hour: hour, minute: minute, second: second, microsecond: microsecond)
    }
}
