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
        let text = pythonStripped(text)
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
        let scalars = Array(pythonStripped(text).unicodeScalars)
        for format in formats {
            if let reading = format.read(scalars) { return reading }
        }
        return nil
    }
}
