public import Foundation
internal import StraitCore

/// A date, a time of day, or both, with or without a time zone (Python's `date`, `time` and `datetime`).
///
/// A Foundation `Date` becomes a date and time in UTC, which templates show in the engine's time zone.
public struct TemplateDate: Sendable, Hashable {
    /// The corresponding types of Python.
    public enum Kind: Sendable, Hashable { case date, time, dateTime }

    /// The UTC offset and the name that apply in a time zone at one point in time.
    public struct Zone: Sendable, Hashable {
        /// The UTC offset in seconds, positive east of Greenwich.
        public let offset: Int
        /// The abbreviated name, such as `CET`.
        public let name: String
        /// Whether daylight saving time is in effect.
        public let isDaylightSaving: Bool

        /// Creates a zone. The offset is limited to less than 24 hours, as in Python.
        public init(offset: Int, name: String, isDaylightSaving: Bool = false) {
            self.offset = min(max(offset, -86_399), 86_399)
            self.name = name
            self.isDaylightSaving = isDaylightSaving
        }

        /// Coordinated Universal Time.
        public static let utc = Zone(offset: 0, name: "UTC")
    }

    /// The corresponding type of Python.
    public let kind: Kind
    /// The local date, in days since 1970-01-01.
    let day: Int
    /// The local time, in microseconds since midnight.
    let microseconds: Int
    /// The zone, or nil if it is not known (a "naive" date in Python).
    public let zone: Zone?

    init(kind: Kind, day: Int, microseconds: Int, zone: Zone?) {
        self.kind = kind
        self.day = day
        self.microseconds = microseconds
        self.zone = zone
    }

    /// Creates a date. Numbers out of range are replaced by the nearest valid ones. Years are 1 to 9999, as in Python.
    public init(year: Int, month: Int, day: Int) {
        self.init(kind: .date, day: Self.nearestDay(year, month, day), microseconds: 0, zone: nil)
    }

    /// Creates a time of day. Numbers out of range are replaced by the nearest valid ones.
    public init(hour: Int, minute: Int, second: Int = 0, microsecond: Int = 0) {
        self.init(
            kind: .time, day: 0, microseconds: Self.nearestTime(hour, minute, second, microsecond), zone: nil)
    }

    /// Creates a date and time. Numbers out of range are replaced by the nearest valid ones.
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
        let day = min(max(day, 1), CivilDate.length(ofMonth: month, year))
        return CivilDate(year: year, month: month, day: day).daysSinceEpoch
    }

    private static func nearestTime(_ hour: Int, _ minute: Int, _ second: Int, _ microsecond: Int) -> Int {
        func nearest(_ number: Int, _ limit: Int) -> Int { min(max(number, 0), limit) }
        return ((nearest(hour, 23) * 60 + nearest(minute, 59)) * 60 + nearest(second, 59)) * 1_000_000
            + nearest(microsecond, 999_999)
    }

    /// Creates a date and time in UTC. Values outside the years 1 to 9999 are replaced by the nearest one inside. NaN
    /// becomes 1970-01-01.
    public init(_ moment: Date) {
        let microseconds = (moment.timeIntervalSince1970 * 1_000_000).rounded()
        self.init(
            moment: microseconds.isNaN
                ? 0 : Int(min(max(microseconds, Double(Self.firstMoment)), Double(Self.lastMoment))), zone: .utc)
    }

    /// The earliest and latest value, in microseconds since 1970. Both are a day inside Python's limits, so they are
    /// valid in every time zone.
    private static let firstMoment = (CivilDate.seconds.lowerBound + 86_400) * 1_000_000
    private static let lastMoment = (CivilDate.seconds.upperBound - 86_401) * 1_000_000

    /// Creates the local date and time in `zone` for `moment`, in microseconds since 1970 in UTC.
    init(moment: Int, zone: Zone?) {
        let wall = moment + (zone?.offset ?? 0) * 1_000_000
        let day = wall.floored(by: Self.dayLength)
        self.init(kind: .dateTime, day: day, microseconds: wall - day * Self.dayLength, zone: zone)
    }

    static let dayLength = 86_400_000_000

    /// The local date and time, in microseconds since 1970.
    var wall: Int { day * Self.dayLength + microseconds }
    /// The date and time in UTC, in microseconds since 1970. A date without a zone counts as UTC.
    var moment: Int { wall - (zone?.offset ?? 0) * 1_000_000 }

    /// The year, from 1 to 9999. For a time of day it is 1970.
    public var year: Int { civil.year }
    /// The month, from 1 to 12.
    public var month: Int { civil.month }
    /// The day of the month, from 1 to 31.
    public var dayOfMonth: Int { civil.day }
    /// The hour, from 0 to 23.
    public var hour: Int { microseconds / 3_600_000_000 }
    /// The minute, from 0 to 59.
    public var minute: Int { microseconds / 60_000_000 % 60 }
    /// The second, from 0 to 59.
    public var second: Int { microseconds / 1_000_000 % 60 }
    /// The microsecond, from 0 to 999,999.
    public var microsecond: Int { microseconds % 1_000_000 }
    /// The day of the week, from 0 for Monday to 6 for Sunday.
    var weekday: Int { CivilDate.weekday(ofDay: day) }
    /// The day of the year, from 1 to 366.
    var dayOfYear: Int { civil.dayOfYear }

    /// The value as a date and time. A date becomes midnight of that day.
    var dateTime: TemplateDate { TemplateDate(kind: .dateTime, day: day, microseconds: microseconds, zone: zone) }

    /// Returns a negative number, 0 or a positive number if the value is before, equal to or after `other`. Nil if
    /// Python cannot compare them.
    func order(_ other: TemplateDate) -> Int? {
        guard kind == other.kind, (zone == nil) == (other.zone == nil) else { return nil }
        return moment < other.moment ? -1 : moment > other.moment ? 1 : 0
    }

    /// The Gregorian year, month and day of ``day``.
    var civil: CivilDate { CivilDate(daysSinceEpoch: day) }
}
