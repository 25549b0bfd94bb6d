internal import StraitCore

/// A date and time in whole seconds, in HTTP's format: `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
public struct HTTPDate: Hashable, Sendable, Comparable {
    /// Seconds since 1970-01-01T00:00:00Z.
    public let secondsSinceEpoch: Int

    /// Creates a date. A date outside the years 1...9999 becomes the nearest date within them.
    public init(secondsSinceEpoch: Int) {
        let (first, end) = (CivilDate.seconds.lowerBound, CivilDate.seconds.upperBound)
        self.secondsSinceEpoch = min(max(secondsSinceEpoch, first), end - 1)
    }

    private static let days = CivilDate.weekdays.map { String($0.prefix(3)) }
    private static let months = CivilDate.months.map { String($0.prefix(3)) }

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
            let day = Self.number(day, digits: 1...2),
            var number = Self.number(year, digits: 2...4),
            clock.count == 3,
            let hour = Self.number(String(clock[0]), digits: 2...2), hour < 24,
            let minute = Self.number(String(clock[1]), digits: 2...2), minute < 60,
            let second = Self.number(String(clock[2]), digits: 2...2), second <= 60
        else { return nil }
        // RFC 850 dates have two-digit years. RFC 9110 compares with the current year; a fixed rule needs no clock.
        if year.utf8.count == 2 { number += number < 70 ? 2000 : 1900 }
        guard CivilDate.exists(number, monthIndex + 1, day) else { return nil }
        let days = CivilDate(year: number, month: monthIndex + 1, day: day).daysSinceEpoch
        self.init(secondsSinceEpoch: days * 86400 + hour * 3600 + minute * 60 + second)
    }

    private static func number(_ text: String, digits: ClosedRange<Int>) -> Int? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy(\.isASCIIDigit) else { return nil }
        return Int(text)
    }
}

extension HTTPDate: CustomStringConvertible {
    /// The IMF-fixdate: `Sun, 06 Nov 1994 08:49:37 GMT`.
    public var description: String {
        let days = secondsSinceEpoch.floored(by: 86_400)
        let date = CivilDate(daysSinceEpoch: days)
        return "\(Self.days[CivilDate.weekday(ofDay: days)]), \(date.day.padded(2)) \(Self.months[date.month - 1]) "
            + "\(date.year.padded(4)) \(ISODateText.time(secondOfDay: secondsSinceEpoch - days * 86_400)) GMT"
    }
}
