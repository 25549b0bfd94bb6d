/// A date and time in whole seconds, in HTTP's format: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
public struct HTTPDate: Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let secondsSinceEpoch: Int

    /// Creates a date. A date outside the years 1...9999 becomes the nearest date within them.
    public init(secondsSinceEpoch: Int) {
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, -62_135_596_800), 253_402_300_799)
    }

    private static let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    /// Whether `left` is earlier than `right`.
    public static func < (left: HTTPDate, right: HTTPDate) -> Bool {
        left.secondsSinceEpoch < right.secondsSinceEpoch
    }

    /// Reads an IMF-fixdate or one of the two obsolete formats that recipients must accept. Returns nil for any other
    /// text.
    public init?(parsing text: String) {
        let parts = text.split(whereSeparator: { $0 == " " || $0 == "," || $0 == "-" }).map(String.init)
        switch parts.count {
        case 6 where parts[5] == "GMT":  // Sun, 06 Nov 1994 08:49:37 GMT; Sunday, 06-Nov-94 08:49:37 GMT
            self.init(day: parts[1], month: parts[2], year: parts[3], time: parts[4])
        case 5:  // Sun Nov  6 08:49:37 1994
            self.init(day: parts[2], month: parts[1], year: parts[4], time: parts[3])
        default: return nil
        }
    }

    private init?(day: String, month: String, year: String, time: String) {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let monthIndex = Self.months.firstIndex(of: month),
            let day = Self.number(day, digits: 1...2), day >= 1, day <= 31,
            var number = Self.number(year, digits: 2...4), number != 0 || year.utf8.count == 2,
            clock.count == 3,
            let hour = Self.number(String(clock[0]), digits: 2...2), hour < 24,
            let minute = Self.number(String(clock[1]), digits: 2...2), minute < 60,
            let second = Self.number(String(clock[2]), digits: 2...2), second <= 60
        else { return nil }
        // RFC 850 dates have two-digit years. RFC 9110 compares with the current year; a fixed rule needs no clock.
        if year.utf8.count == 2 { number += number < 70 ? 2000 : 1900 }
        let days = Self.days(year: number, month: monthIndex + 1, day: day)
        self.init(secondsSinceEpoch: days * 86400 + hour * 3600 + minute * 60 + second)
    }

    private static func number(_ text: String, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }

    /// The number of days from 1970-01-01 to a date of the Gregorian calendar. Years are counted from March, so that a
    /// leap day comes last.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month <= 2 ? year - 1 : year
        let era = (year >= 0 ? year : year - 399) / 400
        let yearOfEra = year - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension HTTPDate: CustomStringConvertible {
    /// The IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var description: String {
        let daysSinceEpoch = (secondsSinceEpoch - (secondsSinceEpoch < 0 ? 86399 : 0)) / 86400
        let seconds = secondsSinceEpoch - daysSinceEpoch * 86400
        let shifted = daysSinceEpoch + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        let weekday = Self.days[((daysSinceEpoch + 3) % 7 + 7) % 7]
        let yearText = String(year)
        let years = String(repeating: "0", count: max(0, 4 - yearText.count)) + yearText
        let clock = [seconds / 3600, seconds / 60 % 60, seconds % 60].map(Self.twoDigits).joined(separator: ":")
        return "\(weekday), \(Self.twoDigits(day)) \(Self.months[month - 1]) \(years) \(clock) GMT"
    }

    private static func twoDigits(_ number: Int) -> String {
        number < 10 ? "0\(number)" : "\(number)"
    }
}
