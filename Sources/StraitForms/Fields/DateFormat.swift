internal import StraitCore
internal import StraitText

/// A format of dates or times, in the notation of Python's `strptime`: `%Y %m %d %y %b %B %H %M %S %f`.
struct DateFormat {
    /// The values that were read.
    struct Reading {
        var year = 1900
        var month = 1
        var day = 1
        var hour = 0
        var minute = 0
        var second = 0
        var microsecond = 0

        var date: PlainDate? { PlainDate(year: year, month: month, day: day) }
        var time: PlainTime? { PlainTime(hour: hour, minute: minute, second: second, microsecond: microsecond) }
    }

    private static let months = CivilDate.months.map { folded(Array($0.unicodeScalars)[...]) }

    private let format: [Unicode.Scalar]

    init(_ format: String) {
        self.format = Array(format.unicodeScalars)
    }

    /// Reads text that is completely in this format; returns nil for any other.
    func read(_ text: [Unicode.Scalar]) -> Reading? {
        var rest = text[...]
        var reading = Reading()
        var index = 0
        while index < format.count {
            let scalar = format[index]
            index += 1
            guard scalar == "%", index < format.count else {
                guard let first = rest.first else { return nil }
                if scalar == " " {
                    guard PythonText.isSpace(first) else { return nil }
                    rest = rest.drop(while: PythonText.isSpace)
                } else {
                    guard first == scalar else { return nil }
                    rest = rest.dropFirst()
                }
                continue
            }
            guard take(format[index], from: &rest, into: &reading) else { return nil }
            index += 1
        }
        return rest.isEmpty ? reading : nil
    }

    private func take(
        _ letter: Unicode.Scalar, from rest: inout ArraySlice<Unicode.Scalar>, into reading: inout Reading
    ) -> Bool {
        switch letter {
        case "Y": return number(4...4, 1...9999, from: &rest) { reading.year = $0 }
        case "y": return number(2...2, 0...99, from: &rest) { reading.year = $0 + ($0 < 69 ? 2000 : 1900) }
        case "m": return number(1...2, 1...12, from: &rest) { reading.month = $0 }
        case "d":
            // As in Python, a space may replace the first of two digits.
            if rest.first == " ", rest.dropFirst().first.map({ ("1"..."9").contains($0) }) == true {
                rest = rest.dropFirst()
                return number(1...1, 1...9, from: &rest) { reading.day = $0 }
            }
            return number(1...2, 1...31, from: &rest) { reading.day = $0 }
        case "H": return number(1...2, 0...23, from: &rest) { reading.hour = $0 }
        case "M": return number(1...2, 0...59, from: &rest) { reading.minute = $0 }
        case "S": return number(1...2, 0...61, from: &rest) { reading.second = $0 }
        case "f":
            let count = rest.prefix(6).prefix(while: Self.isDigit).count
            return number(1...6, 0...999_999, from: &rest) {
                reading.microsecond = (count..<6).reduce($0) { number, _ in number * 10 }
            }
        case "b", "B":
            let name = Self.folded(rest.prefix(9))
            let found = Self.months.firstIndex { month in
                name.starts(with: letter == "B" ? month[...] : month.prefix(3))
            }
            guard let found else { return false }
            rest = rest.dropFirst(letter == "B" ? Self.months[found].count : 3)
            reading.month = found + 1
            return true
        default: return false
        }
    }

    /// Returns the scalars with ASCII letters in lower case.
    private static func folded(_ scalars: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
        scalars.map { ("A"..."Z").contains($0) ? Unicode.Scalar(UInt8($0.value + 32)) : $0 }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { ("0"..."9").contains(scalar) }

    /// Takes a number within `range`, with as many digits as possible.
    private func number(
        _ digits: ClosedRange<Int>, _ range: ClosedRange<Int>, from rest: inout ArraySlice<Unicode.Scalar>,
        _ use: (Int) -> Void
    ) -> Bool {
        let found = rest.prefix(digits.upperBound).prefix(while: Self.isDigit)
        for count in digits.reversed() where count <= found.count {
            let number = found.prefix(count).reduce(0) { $0 * 10 + Int($1.value) - 0x30 }
            guard range.contains(number) else { continue }
            rest = rest.dropFirst(count)
            use(number)
            return true
        }
        return false
    }
}

extension DateFormat {
    /// Django's `DATE_INPUT_FORMATS` for English.
    private static let dates = [
        "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y", "%B %d %Y", "%B %d, %Y",
        "%d %B %Y", "%d %B, %Y",
    ].map { DateFormat($0) }

    private static let timeTexts = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]

    /// Django's `TIME_INPUT_FORMATS`.
    private static let times = timeTexts.map { DateFormat($0) }

    /// Django's `DATETIME_INPUT_FORMATS` for English, and its date formats.
    private static let dateTimes =
        ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"].flatMap { day in timeTexts.map { DateFormat(day + " " + $0) } } + dates

    /// The maximum length of text, in bytes. No valid text is longer.
    private static let longest = 200

    /// Reads a date in one of Django's formats.
    static func date(_ text: String) -> PlainDate? { first(dates, text)?.date }

    /// Reads a time in one of Django's formats.
    static func time(_ text: String) -> PlainTime? { first(times, text)?.time }

    /// Reads a date and a time in ISO 8601 or in one of Django's formats. A date alone means midnight.
    static func dateTime(_ text: String) -> PlainDateTime? {
        guard text.utf8.count <= longest else { return nil }
        let text = PythonText.stripped(text)
        if let value = ISODateTime.read(text) ?? looseDateTime(text) { return value }
        guard let reading = first(dateTimes, text), let date = reading.date, let time = reading.time else { return nil }
        return PlainDateTime(date: date, time: time)
    }

    /// Reads Django's `datetime_re`: `2024-2-9 1:02:03,5 +01`.
    private static func looseDateTime(_ text: String) -> PlainDateTime? {
        let pattern =
            #/
            (\d{4})-(\d{1,2})-(\d{1,2})[T\x20](\d{1,2}):(\d{1,2})
            (?::(\d{1,2})(?:[.,](\d{1,6})\d{0,6})?)?
            \s*(Z|[+-]\d{2}(?::?\d{2})?)?
            /#
            .matchingSemantics(.unicodeScalar).asciiOnlyDigits()
        guard let match = text.wholeMatch(of: pattern)?.output else { return nil }
        func number(_ text: Substring?) -> Int { text.flatMap { Int($0) } ?? 0 }
        let fraction = match.7.map { number($0 + String(repeating: "0", count: 6 - $0.utf8.count)) } ?? 0
        guard let date = PlainDate(year: number(match.1), month: number(match.2), day: number(match.3)),
            let time = PlainTime(
                hour: number(match.4), minute: number(match.5), second: number(match.6), microsecond: fraction)
        else { return nil }
        guard let zone = match.8 else { return PlainDateTime(date: date, time: time) }
        guard zone.utf8.first != UInt8(ascii: "Z") else { return PlainDateTime(date: date, time: time, utcOffset: 0) }
        let digits = zone.utf8.dropFirst().filter { $0 != 0x3A }.map { Int($0) - 0x30 }
        let minutes = (digits[0] * 10 + digits[1]) * 60 + (digits.count > 2 ? digits[2] * 10 + digits[3] : 0)
        guard minutes < 1440 else { return nil }
        return PlainDateTime(
            date: date, time: time, utcOffset: zone.utf8.first == UInt8(ascii: "-") ? -minutes * 60 : minutes * 60)
    }

    private static func first(_ formats: [DateFormat], _ text: String) -> Reading? {
        guard text.utf8.count <= longest else { return nil }
        let scalars = Array(PythonText.stripped(text).unicodeScalars)
        for format in formats {
            if let reading = format.read(scalars) { return reading }
        }
        return nil
    }
}
