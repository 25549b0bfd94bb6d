/// A date and a time in the formats of Python's `datetime.fromisoformat`: `2024-02-29T01:02:03.5+01:00`,
/// `20240229T0102`, `2024-W09-4`. Any character may separate date and time.
package struct ISODateTime {
    private let bytes: [UInt8]

    /// Reads `text`; returns nil if it is not in such a format.
    package static func read(_ text: String) -> PlainDateTime? {
        guard text.utf8.count >= 7, text.utf8.count <= 64 else { return nil }
        let reader = ISODateTime(bytes: Array(text.utf8))
        let end = reader.dateEnd
        guard end <= reader.bytes.count, let date = reader.date(0..<end) else { return nil }
        guard end < reader.bytes.count else { return PlainDateTime(date: date, time: .midnight) }
        let lead = reader.bytes[end]
        let start = end + (lead < 0x80 ? 1 : lead & 0xF0 == 0xE0 ? 3 : lead & 0xF0 == 0xF0 ? 4 : 2)
        guard start < reader.bytes.count else { return nil }
        return reader.dateTime(date, start..<reader.bytes.count)
    }

    private func at(_ index: Int) -> UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func isDigit(_ index: Int) -> Bool { (0x30...0x39).contains(at(index)) }

    /// Reads a number of exactly `count` digits at `start`.
    private func number(_ start: Int, _ count: Int, before end: Int) -> Int? {
        guard start + count <= end else { return nil }
        var value = 0
        for index in start..<start + count {
            guard isDigit(index) else { return nil }
            value = value * 10 + Int(bytes[index] - 0x30)
        }
        return value
    }

    private static let week = UInt8(ascii: "W")
    private static let hyphen = UInt8(ascii: "-")

    /// The end of the date, before the separator and the time. If the text is ambiguous, this is a guess, as in Python.
    private var dateEnd: Int {
        let count = bytes.count
        if count == 7 { return 7 }
        if at(4) == Self.hyphen {
            guard at(5) == Self.week else { return 10 }
            guard count > 8, at(8) == Self.hyphen else { return 8 }
            return count > 10 && isDigit(10) ? 8 : 10
        }
        guard at(4) == Self.week else { return 8 }
        var index = 7
        while index < count, isDigit(index) { index += 1 }
        return index < 9 ? index : index % 2 == 0 ? 7 : 8
    }

    private func date(_ range: Range<Int>) -> PlainDate? {
        guard let year = number(0, 4, before: range.upperBound) else { return nil }
        let hasHyphens = at(4) == Self.hyphen
        var index = hasHyphens ? 5 : 4
        if at(index) == Self.week {
            guard let week = number(index + 1, 2, before: range.upperBound) else { return nil }
            index += 3
            guard index < range.upperBound else { return PlainDate(year: year, week: week, weekday: 1) }
            if hasHyphens {
                guard at(index) == Self.hyphen else { return nil }
                index += 1
            }
            guard let day = number(index, 1, before: range.upperBound), index + 1 == range.upperBound else {
                return nil
            }
            return PlainDate(year: year, week: week, weekday: day)
        }
        guard let month = number(index, 2, before: range.upperBound) else { return nil }
        index += 2
        if hasHyphens {
            guard at(index) == Self.hyphen else { return nil }
            index += 1
        }
        guard let day = number(index, 2, before: range.upperBound), index + 2 == range.upperBound else { return nil }
        return PlainDate(year: year, month: month, day: day)
    }

    private func dateTime(_ date: PlainDate, _ range: Range<Int>) -> PlainDateTime? {
        let sign = range.first { at($0) == 0x2B || at($0) == 0x2D || at($0) == 0x5A } ?? range.upperBound
        guard let parts = time(range.lowerBound..<sign),
            let time = PlainTime(hour: parts[0], minute: parts[1], second: parts[2], microsecond: parts[3])
        else { return nil }
        guard sign < range.upperBound else { return PlainDateTime(date: date, time: time) }
        if at(sign) == 0x5A {
            return sign + 1 == range.upperBound ? PlainDateTime(date: date, time: time, utcOffset: 0) : nil
        }
        guard let offset = self.time(sign + 1..<range.upperBound) else { return nil }
        let seconds = offset[0] * 3600 + offset[1] * 60 + offset[2]
        guard seconds < 86_400 else { return nil }
        return PlainDateTime(date: date, time: time, utcOffset: at(sign) == 0x2D ? -seconds : seconds)
    }

    /// Reads hours, minutes, seconds and microseconds: `01`, `0102`, `01:02:03.5`. Digits after the sixth are dropped.
    private func time(_ range: Range<Int>) -> [Int]? {
        var parts = [0, 0, 0, 0]
        var index = range.lowerBound
        var hasColons = false
        for part in 0..<3 {
            guard let value = number(index, 2, before: range.upperBound) else { return nil }
            parts[part] = value
            index += 2
            if part == 0 { hasColons = index < range.upperBound && at(index) == 0x3A }
            guard index < range.upperBound else { return parts }
            guard part < 2 else { break }
            if hasColons {
                guard at(index) == 0x3A else { return nil }
                index += 1
            }
        }
        guard at(index) == 0x2E || at(index) == 0x2C else { return nil }
        let digits = bytes[index + 1..<range.upperBound]
        guard !digits.isEmpty, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        parts[3] = (0..<6).reduce(0) { value, place in
            value * 10 + (place < digits.count ? Int(digits[digits.startIndex + place] - 0x30) : 0)
        }
        return parts
    }
}

extension PlainDate {
    /// Creates a date from an ISO 8601 week and a weekday, from 1 (Monday) to 7. Returns nil if the year has no such
    /// week.
    package init?(year: Int, week: Int, weekday: Int) {
        guard let date = CivilDate(isoYear: year, week: week, weekday: weekday) else { return nil }
        self.init(year: date.year, month: date.month, day: date.day)
    }
}
