internal import StraitCore

/// Spans of time as text: the formats of Python and Django, of ISO 8601, and of PostgreSQL's intervals.
package enum DurationText {
    /// A result of ``read(_:)``.
    package enum Reading: Equatable {
        case duration(Duration)
        /// The text is a span of time with more days than ``days``.
        case tooLong
    }

    /// The days that Python's `timedelta` can have.
    package static let days = -999_999_999...999_999_999

    // MARK: Reading

    /// Reads `3 04:05:06.789`, `3 days, 04:05:06`, `05:06`, ISO 8601 such as `-P3DT4H5M6.5S`, and PostgreSQL's
    /// `3 days +04:05:06`; Django's `parse_duration`. Returns nil for other text.
    package static func read(_ text: String) -> Reading? { standard(text) ?? iso(text) ?? dayTime(text) }

    /// Reads an interval in PostgreSQL's default style: `1 year 2 mons -3 days +04:05:06.789`. As in psycopg, a month
    /// has 30 days and a year 365. Returns nil for other text.
    package static func readInterval(_ text: String) -> Duration? {
        // PostgreSQL writes at most 80 bytes. More parts could add up to more than a `Duration` holds.
        guard text.utf8.count <= 100 else { return nil }
        var total = Duration.zero
        var number: Int64?
        for part in text.split(separator: " ") {
            if part.contains(":") {
                guard number == nil, let time = clock(part) else { return nil }
                total += time
            } else if let count = number {
                guard let days = intervalDays[String(part)] else { return nil }
                let (seconds, overflow) = count.multipliedReportingOverflow(by: days * 86_400)
                guard !overflow else { return nil }
                total += .seconds(seconds)
                number = nil
            } else {
                guard let count = Int64(part) else { return nil }
                number = count
            }
        }
        return number == nil && !text.isEmpty ? total : nil
    }

    private static let intervalDays: [String: Int64] = [
        "year": 365, "years": 365, "mon": 30, "mons": 30, "day": 1, "days": 1,
    ]

    /// Reads hours, minutes and seconds with a sign: `-04:05:06.789`.
    private static func clock(_ text: Substring) -> Duration? {
        let parts = text.drop { $0 == "-" || $0 == "+" }.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hours = Int64(parts[0]), (0..<100_000_000_000).contains(hours),
            let minutes = Int64(parts[1]), (0..<60).contains(minutes)
        else { return nil }
        let second = parts[2].split(separator: ".", omittingEmptySubsequences: false)
        guard second.count <= 2, let seconds = Int64(second[0]), (0..<60).contains(seconds) else { return nil }
        var fraction: Substring?
        if second.count == 2 {
            guard (1...6).contains(second[1].utf8.count), second[1].utf8.allSatisfy(PythonNumber.isDigit) else {
                return nil
            }
            fraction = second[1]
        }
        let duration = Duration.seconds(hours * 3600 + minutes * 60 + seconds) + microseconds(fraction)
        return text.hasPrefix("-") ? .zero - duration : duration
    }

    private static func standard(_ text: String) -> Reading? {
        let pattern = #/(?:(-?\d+) (?:days?, )?)?(-?)(?:(?:(\d+):(?=\d+:\d+))?(\d+):)?(\d+)(?:[.,](\d{1,6})\d{0,6})?/#
        guard let match = text.wholeMatch(of: pattern.asciiOnlyDigits().matchingSemantics(.unicodeScalar)) else {
            return nil
        }
        let (_, days, sign, hours, minutes, seconds, fraction) = match.output
        return sum(days, isNegative: sign == "-", [(hours, 3600), (minutes, 60), (seconds, 1)], fraction)
    }

    private static func dayTime(_ text: String) -> Reading? {
        let pattern = #/(?:(-?\d+) days? ?)?(?:([-+])?(\d+):(\d\d):(\d\d)(?:\.(\d{1,6}))?)?/#
        guard let match = text.wholeMatch(of: pattern.asciiOnlyDigits().matchingSemantics(.unicodeScalar)) else {
            return nil
        }
        let (_, days, sign, hours, minutes, seconds, fraction) = match.output
        return sum(days, isNegative: sign == "-", [(hours, 3600), (minutes, 60), (seconds, 1)], fraction)
    }

    private static func iso(_ text: String) -> Reading? {
        // In the extended syntax, which ignores white space.
        let pattern =
            #/
            ([-+]?)P(?:(\d+)(?:[.,](\d+))?D)?
            (?:T(?:(\d+)(?:[.,](\d+))?H)?(?:(\d+)(?:[.,](\d+))?M)?(?:(\d+)(?:[.,](\d+))?S)?)?
            /#
        guard let match = text.wholeMatch(of: pattern.asciiOnlyDigits().matchingSemantics(.unicodeScalar)) else {
            return nil
        }
        let output = match.output
        var total = Duration.zero
        for (whole, fraction, unit) in [
            (output.2, output.3, 86_400), (output.4, output.5, 3600), (output.6, output.7, 60), (output.8, output.9, 1),
        ] {
            guard let part = seconds(whole ?? "0", unit), let share = Double("0." + (fraction ?? "0")) else {
                return .tooLong
            }
            total += part + .microseconds((share * Double(unit) * 1_000_000).rounded())
        }
        return checked(output.1 == "-" ? .zero - total : total)
    }

    /// Returns the sum of days and a time with its own sign.
    private static func sum(
        _ days: Substring?, isNegative: Bool, _ parts: [(Substring?, unit: Int)], _ fraction: Substring?
    ) -> Reading {
        var time = microseconds(fraction)
        for (text, unit) in parts {
            guard let part = seconds(text ?? "0", unit) else { return .tooLong }
            time += part
        }
        guard let days = seconds(days ?? "0", 86_400) else { return .tooLong }
        return checked(days + (isNegative ? .zero - time : time))
    }

    /// Returns the time of a number of units, or nil if it has too many days.
    private static func seconds(_ text: Substring, _ unit: Int) -> Duration? {
        guard let number = Int(text), number.magnitude <= UInt((days.upperBound + 1) * 86_400 / unit) else {
            return nil
        }
        return .seconds(number * unit)
    }

    /// Returns the time of up to six digits after the point.
    private static func microseconds(_ fraction: Substring?) -> Duration {
        guard let fraction else { return .zero }
        return .microseconds(Int(fraction + String(repeating: "0", count: max(0, 6 - fraction.utf8.count))) ?? 0)
    }

    private static func checked(_ duration: Duration) -> Reading {
        let (days, _) = parts(of: duration)
        return self.days.contains(days) ? .duration(duration) : .tooLong
    }

    // MARK: Writing

    /// Returns `3 04:05:06.789000`: days, if there are any, and a time; Django's `duration_string`. A negative span has
    /// negative days.
    package static func text(of duration: Duration) -> String {
        let (days, time) = parts(of: duration)
        return days == 0 ? time.text : "\(days) \(time.text)"
    }

    /// Returns `P3DT04H05M06.789000S`; Django's `duration_iso_string`.
    package static func isoText(of duration: Duration) -> String {
        let isNegative = duration < .zero
        let (days, time) = parts(of: isNegative ? .zero - duration : duration)
        let clock = Array(time.text.utf8)
        func part(_ range: Range<Int>) -> String { String(decoding: clock[range], as: UTF8.self) }
        return "\(isNegative ? "-" : "")P\(days)DT\(part(0..<2))H\(part(3..<5))M\(part(6..<clock.count))S"
    }

    /// Returns `3 days 14706789000 microseconds`, which PostgreSQL reads as an interval.
    package static func interval(of duration: Duration) -> String {
        let (days, time) = parts(of: duration)
        return "\(days) days \(time.second * 1_000_000 + time.microsecond) microseconds"
    }

    private struct Time {
        /// The second of the day.
        let second: Int
        let microsecond: Int

        var text: String {
            ISODateText.time(
                hour: second / 3600, minute: second / 60 % 60, second: second % 60, microsecond: microsecond)
        }
    }

    /// The days, rounded down, and the time of the day.
    private static func parts(of duration: Duration) -> (days: Int, time: Time) {
        let (seconds, attoseconds) = duration.components
        let microseconds = Int(attoseconds / 1_000_000_000_000)
        let whole = Int(seconds) + microseconds.floored(by: 1_000_000)
        return (
            whole.floored(by: 86_400),
            Time(second: whole.modulo(86_400), microsecond: microseconds.modulo(1_000_000))
        )
    }
}
