package import FoundationEssentials
internal import StraitCore

/// The conversion between dates of the years 1 to 9999 and ISO 8601 text (RFC 3339).
package enum JSONDate {
    /// The seconds from 1970 to 2001, the reference date.
    private static let reference = 978_307_200

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
                if count >= power { whole += 1 } else if count > 0 { decimals = "." + Int(count).padded(places) }
                break
            }
        }
        let seconds = Int(whole) + reference
        guard CivilDate.seconds.contains(seconds) else { return nil }
        let days = seconds.floored(by: 86_400)
        return ISODateText.date(CivilDate(daysSinceEpoch: days)) + "T"
            + ISODateText.time(secondOfDay: seconds - days * 86_400) + decimals + "Z"
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
        guard CivilDate.exists(year, month, day), hour < 24, minute < 60, second <= 60 else { return nil }
        let days = CivilDate(year: year, month: month, day: day).daysSinceEpoch
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        guard CivilDate.seconds.contains(seconds) else { return nil }
        return Date(
            timeIntervalSinceReferenceDate: moment(Double(seconds - reference), decimals.value, decimals.places))
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
