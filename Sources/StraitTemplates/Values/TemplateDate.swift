public import Foundation

/// A day, a time of day, or both, with or without a time zone: Python's `date`, `time` and `datetime`.
///
/// A `Date` of Foundation is a moment: it is shown in the engine's time zone.
public struct TemplateDate: Sendable, Hashable {
    /// Which of Python's three types it is.
    public enum Kind: Sendable, Hashable { case date, time, dateTime }

    /// The zone of a moment: how far it is from UTC, and what that is called there and then.
    public struct Zone: Sendable, Hashable {
        /// Seconds east of UTC.
        public let offset: Int
        /// Such as `CET`.
        public let name: String
        /// Whether it is daylight saving time.
        public let isDaylightSaving: Bool

        /// A zone at a moment. An offset of a day or more is cut to less, as Python has none.
        public init(offset: Int, name: String, isDaylightSaving: Bool = false) {
            self.offset = min(max(offset, -86_399), 86_399)
            self.name = name
            self.isDaylightSaving = isDaylightSaving
        }

        /// Coordinated universal time.
        public static let utc = Zone(offset: 0, name: "UTC")
    }

    /// Which type it is.
    public let kind: Kind
    /// Days since 1970-01-01, on the wall.
    let day: Int
    /// Microseconds since midnight, on the wall.
    let microseconds: Int
    /// The zone, or nil where it is not said (Python's "naive").
    public let zone: Zone?

    init(kind: Kind, day: Int, microseconds: Int, zone: Zone?) {
        self.kind = kind
        self.day = day
        self.microseconds = microseconds
        self.zone = zone
    }

    /// A day. Numbers out of range are replaced by the nearest valid ones. Years are 1 to 9999, as in Python.
    public init(year: Int, month: Int, day: Int) {
        self.init(kind: .date, day: Self.nearestDay(year, month, day), microseconds: 0, zone: nil)
    }

    /// A time of day. Numbers out of range are replaced by the nearest valid ones.
    public init(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        self.init(
            kind: .time, day: 0, microseconds: Self.nearestTime(hour, minute, second, microsecond), zone: nil)
    }

    /// A day and a time in `zone`, or without a time zone. Numbers out of range are replaced by the nearest valid ones.
    public init(
        year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0,
        zone: Zone? = nil
    ) {
        self.init(
            kind: .dateTime, day: Self.nearestDay(year, month, day),
            microseconds: Self.nearestTime(hour, minute, second, microsecond), zone: zone)
    }

    private static func nearestDay(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = min(max(year, 1), 9999)
        let month = min(max(month, 1), 12)
        return days(year, month, min(max(day, 1), length(ofMonth: month, year)))
    }

    private static func nearestTime(_ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int) -> Int {
        func nearest(_ number: Int, _ limit: Int) -> Int { min(max(number, 0), limit) }
        return ((nearest(hour, 23) * 60 + nearest(minute, 59)) * 60 + nearest(second, 59)) * 1_000_000
            + nearest(microsecond, 999_999)
    }

    /// A moment. One outside the years 1 to 9999 is replaced by the nearest one inside, and NaN by 1970-01-01.
    public init(_ moment: Date) {
        let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
        self.init(
            moment: microseconds.isNaN
                ? 0 : Int(min(max(microseconds, Double(Self.firstMoment)), Double(Self.lastMoment))), zone: .utc)
    }

    /// The first and the last moment, in microseconds since 1970. Each is a day inside the years that Python supports,
    /// so that it is valid in every time zone.
    private static let firstMoment = days(1, 1, 2) * dayLength
    private static let lastMoment = (days(9999, 12, 31) * 86_400 - 1) * 1_000_000

    /// A moment in microseconds since 1970, as it is called in `zone`.
    init(moment: Int, zone: Zone?) {
        let wall = moment + (zone?.offset ?? 0) * 1_000_000
        let day = wall.floored(by: Self.dayLength)
        self.init(kind: .dateTime, day: day, microseconds: wall - day * Self.dayLength, zone: zone)
    }

    static let dayLength = 86_400_000_000

    /// Microseconds since 1970 on the wall: of UTC where there is a zone and it is taken off.
    var wall: Int { day * Self.dayLength + microseconds }
    /// Microseconds since 1970, taken for UTC where no zone is said.
    var moment: Int { wall - (zone?.offset ?? 0) * 1_000_000 }

    /// From 1 to 9999; of a time of day, 1970.
    public var year: Int { civil.year }
    /// From 1 to 12.
    public var month: Int { civil.month }
    /// From 1 to 31.
    public var dayOfMonth: Int { civil.day }
    /// From 0 to 23.
    public var hour: Int { microseconds / 3_600_000_000 }
    /// From 0 to 59.
    public var minute: Int { microseconds / 60_000_000 % 60 }
    /// From 0 to 59.
    public var second: Int { microseconds / 1_000_000 % 60 }
    /// From 0 to 999999.
    public var microsecond: Int { microseconds % 1_000_000 }
    /// From 0, Monday, to 6, Sunday.
    var weekday: Int { (day + 3).modulo(7) }
    /// From 1 to 366.
    var dayOfYear: Int { day - Self.days(year, 1, 1) + 1 }

    /// The same as a day and a time: midnight of a date.
    var dateTime: TemplateDate { TemplateDate(kind: .dateTime, day: day, microseconds: microseconds, zone: zone) }

    /// Negative, 0 or positive as it is before, at or after the other; nil where Python cannot compare.
    func order(_ other: TemplateDate) -> Int? {
        guard kind == other.kind, (zone == nil) == (other.zone == nil) else { return nil }
        return moment < other.moment ? -1 : moment > other.moment ? 1 : 0
    }

    var civil: (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.floored(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    static func length(ofMonth month: Int, _ year: Int) -> Int {
        month == 2 ? (isLeap(year) ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }
}

extension Int {
    /// Division that rounds down.
    func floored(by divisor: Int) -> Int { self >= 0 ? self / divisor : (self + 1) / divisor - 1 }
    /// The rest of that division.
    func modulo(_ divisor: Int) -> Int { self - floored(by: divisor) * divisor }
}
