/// A day of the proleptic Gregorian calendar, the calendar of Python's `datetime`. Day numbers count from 1970-01-01.
///
/// All of the framework's date arithmetic is here.
@usableFromInline package struct CivilDate: Hashable, Sendable {
    /// The year. Year 0 precedes year 1.
    @usableFromInline package let year: Int
    /// The month, from 1 to 12.
    @usableFromInline package let month: Int
    /// The day of the month, from 1 to 31.
    @usableFromInline package let day: Int

    /// Creates a date.
    ///
    /// - Precondition: The calendar has this day. It is not checked.
    @inlinable
    package init(year: Int, month: Int, day: Int) {
        self.year = year
        self.month = month
        self.day = day
    }

    /// Creates the date that is `days` days after 1970-01-01.
    @inlinable
    package init(daysSinceEpoch days: Int) {
        // Years are counted from March, so that a leap day comes last. 400 years have 146,097 days.
        let shifted = days + 719_468
        let era = shifted.floored(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        month = part < 10 ? part + 3 : part - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        day = dayOfYear - (153 * part + 2) / 5 + 1
    }

    /// Creates the date of a weekday, from 1 (Monday) to 7, in an ISO 8601 week. Returns nil if the year has no such
    /// week, or the week no such weekday.
    package init?(isoYear year: Int, week: Int, weekday: Int) {
        guard (1...53).contains(week), (1...7).contains(weekday) else { return nil }
        let days = Self.firstWeek(of: year) + (week - 1) * 7
        guard week < 53 || days < Self.firstWeek(of: year + 1) else { return nil }
        self.init(daysSinceEpoch: days + weekday - 1)
    }

    /// The day number: the number of days since 1970-01-01, negative for earlier dates.
    @inlinable
    package var daysSinceEpoch: Int {
        let year = month <= 2 ? year - 1 : year
        let era = year.floored(by: 400)
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    /// The day of the year, from 1 to 366.
    package var dayOfYear: Int { daysSinceEpoch - CivilDate(year: year, month: 1, day: 1).daysSinceEpoch + 1 }

    /// The ISO 8601 year, which can differ from ``year``, and the number of the week in it.
    package var isoWeek: (year: Int, week: Int) {
        let days = daysSinceEpoch
        // A week belongs to the year of its Thursday.
        let year = CivilDate(daysSinceEpoch: days - Self.weekday(ofDay: days) + 3).year
        return (year, (days - Self.firstWeek(of: year)) / 7 + 1)
    }

    /// Returns the day number of the Monday of the first ISO 8601 week, which contains January 4.
    private static func firstWeek(of year: Int) -> Int {
        let days = CivilDate(year: year, month: 1, day: 4).daysSinceEpoch
        return days - weekday(ofDay: days)
    }

    /// Returns the day of the week of a day number, from 0 (Monday) to 6.
    @inlinable
    package static func weekday(ofDay days: Int) -> Int { (days + 3).modulo(7) }

    /// Whether the year has a February 29.
    @inlinable
    package static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    /// Returns the number of days in a month.
    @inlinable
    package static func length(ofMonth month: Int, _ year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The English names of the months.
    package static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
    /// The English names of the weekdays, from Monday.
    package static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

    /// Whether a day exists in Python's `datetime`: in the calendar, and in the years 1 to 9999.
    package static func exists(_ year: Int, _ month: Int, _ day: Int) -> Bool {
        (1...9999).contains(year) && (1...12).contains(month) && (1...length(ofMonth: month, year)).contains(day)
    }

    /// The Unix times of the years 1 to 9999 in UTC, the range of Python's `datetime`.
    package static let seconds = -62_135_596_800..<253_402_300_800
}

extension Int {
    /// Returns the quotient, rounded down. `divisor` must be positive.
    @inlinable
    package func floored(by divisor: Int) -> Int { self >= 0 ? self / divisor : (self + 1) / divisor - 1 }

    /// Returns the remainder of ``floored(by:)``, which is never negative. `divisor` must be positive.
    @inlinable
    package func modulo(_ divisor: Int) -> Int { self - floored(by: divisor) * divisor }
}
