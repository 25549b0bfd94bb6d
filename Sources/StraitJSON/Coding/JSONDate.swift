package import FoundationEssentials
internal import StraitCore

/// The conversion between dates of the years 1 to 9999 and ISO 8601 text (RFC 3339).
package enum JSONDate {
    /// The seconds from the start of year 1 to the start of 2001, the reference date.
    private static let epoch: Int64 = 63_113_904_000
    /// The seconds from the start of year 1 to the end of year 9999.
    private static let end: Int64 = 315_537_897_600

    /// Returns `date` as `2026-11-28T17:13:33Z`; nil for a date outside the years 1 to 9999.
    ///
    /// A fraction has 3, 6 or 9 decimals: as few as are needed to read the same date back.
    package static func text(_ date: Date) -> String? {
        let time = date.timeIntervalSinceReferenceDate
        // The limit is far outside the years 1 to 9999, and within the range of Int64.
        guard time.isFinite, abs(time) < 1e12 else { return nil }
        var whole = time.rounded(.down)
        var decimals = ""
        let fraction = time - whole
        if fraction > 0 {
            for (places, power) in [(3, 1e3), (6, 1e6), (9, 1e9)] {
                let count = (fraction * power).rounded()
                guard places == 9 || moment(whole, count / power, places) == time else { continue }
                if count >= power { whole += 1 } else if count > 0 { decimals = "." + padded(Int(count), places) }
                break
            }
        }
        let seconds = Int64(whole) + epoch
        guard seconds >= 0, seconds < end else { return nil }
        let (days, rest) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let (year, month, day) = civil(Int(days))
        let clock = Int(rest)
        return "\(padded(year, 4))-\(padded(month, 2))-\(padded(day, 2))T"
            + "\(padded(clock / 3600, 2)):\(padded(clock / 60 % 60, 2)):\(padded(clock % 60, 2))\(decimals)Z"
    }

    /// Reads a date, a time with seconds and any number of decimals, and `Z` or a UTC offset. Returns nil for other
    /// text and for dates outside the years 1 to 9999.
    package static func date(_ text: String) -> Date? {
        var parts = Parts(text.utf8.span)
        guard let year = parts.number(4), parts.skip("-"), let month = parts.number(2), parts.skip("-"),
            let day = parts.number(2), parts.skip("T", "t", " "), let hour = parts.number(2), parts.skip(":"),
            let minute = parts.number(2), parts.skip(":"), let second = parts.number(2),
            let decimals = parts.decimals(), let offset = parts.offset(), parts.isAtEnd
        else { return nil }
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1, day <= Self.days(of: month, year),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        let days = Int64(Self.days(year, month, day))
        let seconds = days * 86_400 + Int64(hour * 3600 + minute * 60 + second - offset)
        guard seconds >= 0, seconds < end else { return nil }
        return Date(
            timeIntervalSinceReferenceDate: moment(Double(seconds - epoch), decimals.value, decimals.places))
    }

    /// Adds a fraction to a number of whole seconds since 2001.
    ///
    /// With up to six decimals, the fraction is added to the time since 1970, so that a date created from milliseconds
    /// since 1970 is read back unchanged. More decimals need the higher precision of the time since 2001.
    private static func moment(_ whole: Double, _ fraction: Double, _ places: Int) -> Double {
        guard places <= 6 else { return whole + fraction }
        return whole + Date.timeIntervalBetween1970AndReferenceDate + fraction
            - Date.timeIntervalBetween1970AndReferenceDate
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    // MARK: Calendar, Gregorian for all years

    private static func isLeap(_ year: Int) -> Bool { year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) }

    private static func days(of month: Int, _ year: Int) -> Int {
        switch month {
        case 2: isLeap(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// The number of days from the start of year 1 to a date. Years are counted from March, so that a leap day comes
    /// last.
    private static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let from = month > 2 ? year : year - 1
        let since = (month + 9) % 12
        return from * 365 + from / 4 - from / 100 + from / 400 + (153 * since + 2) / 5 + day - 307
    }

    private static func civil(_ days: Int) -> (year: Int, month: Int, day: Int) {
        // Days since 0000-03-01.
        let days = days + 306
        let (era, day) = days.quotientAndRemainder(dividingBy: 146_097)
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365
        let rest = day - (365 * year + year / 4 - year / 100)
        let since = (5 * rest + 2) / 153
        let month = since < 10 ? since + 3 : since - 9
        return (era * 400 + year + (month <= 2 ? 1 : 0), month, rest - (153 * since + 2) / 5 + 1)
    }

    /// A scanner for the parts of a date's text.
    private struct Parts: ~Escapable {
        private let text: Span<UInt8>
        private var index = 0

        @_lifetime(copy text)
        init(_ text: Span<UInt8>) { self.text = text }

        var isAtEnd: Bool { index == text.count }

        mutating func number(_ width: Int) -> Int? {
            guard text.count - index >= width else { return nil }
            var number = 0
            for _ in 0..<width {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                number = number * 10 + Int(digit)
                index += 1
            }
            return number
        }

        mutating func skip(_ characters: Unicode.Scalar...) -> Bool {
            guard index < text.count, characters.contains(where: { UInt8(ascii: $0) == text[index] }) else {
                return false
            }
            index += 1
            return true
        }

        /// Reads decimals, and returns their value and number; nil for a decimal point without digits. Digits after the
        /// ninth are only counted, because a `Date` has no more precision.
        mutating func decimals() -> (value: Double, places: Int)? {
            guard skip(".", ",") else { return (0, 0) }
            let first = index
            var number = 0
            var power = 1.0
            while index < text.count, text[index] &- UInt8(ascii: "0") <= 9 {
                if index - first < 9 {
                    number = number * 10 + Int(text[index] &- UInt8(ascii: "0"))
                    power *= 10
                }
                index += 1
            }
            return index > first ? (Double(number) / power, index - first) : nil
        }

        /// Reads `Z` or an offset, and returns the seconds ahead of UTC.
        mutating func offset() -> Int? {
            if skip("Z", "z") { return 0 }
            let isBehind = index < text.count && text[index] == UInt8(ascii: "-")
            guard skip("+", "-"), let hours = number(2), hours < 24 else { return nil }
            if isAtEnd { return (isBehind ? -3600 : 3600) * hours }
            _ = skip(":")
            guard let minutes = number(2), minutes < 60 else { return nil }
            return (isBehind ? -60 : 60) * (hours * 60 + minutes)
        }
    }
}
