extension DateFormat {
    /// Django's `DATE_INPUT_FORMATS` for English.
    private static let dates = [
        "%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d %Y", "%b %d, %Y", "%d %b %Y", "%d %b, %Y", "%B %d %Y", "%B %d, %Y",
        "%d %B %Y", "%d %B, %Y",
    ]

    /// Django's `TIME_INPUT_FORMATS`.
    private static let times = ["%H:%M:%S", "%H:%M:%S.%f", "%H:%M"]

    /// A day in one of Django's forms.
    static func date(_ text: String) -> PlainDate? {
        first(dates, pythonStripped(text))?.date
    }

    /// A time in one of Django's forms.
    static func time(_ text: String) -> PlainTime? {
        first(times, pythonStripped(text))?.time
    }

    /// A day and a time in one of Django's forms, or as RFC 3339 has it; a day alone begins it.
    static func dateTime(_ text: String) -> PlainDateTime? {
        var text = pythonStripped(text)[...]
        var offset: Int?
        if text.count > 10, text.prefix(10).filter({ $0 == "-" }).count == 2 {
            let separator = text[text.index(text.startIndex, offsetBy: 10)]
            guard let zone = zone(text.dropFirst(11)) else { return nil }
            offset = zone.offset
            if separator == "T" || separator == "t" || zone.offset != nil {
                text = text.prefix(10) + " " + zone.time.replacing(",", with: ".")
            }
        }
        let days = ["%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y"]
        let formats = days.flatMap { day in times.map { day + " " + $0 } } + dates
        guard let reading = first(formats, String(text)), let date = reading.date, let time = reading.time else {
            return nil
        }
        return PlainDateTime(date: date, time: time, utcOffset: offset)
    }

    /// What stands in front of `Z` or `+02:00`, and how many seconds that is; nil for a zone that is none.
    private static func zone(_ text: Substring) -> (time: Substring, offset: Int?)? {
        if text.last == "Z" || text.last == "z" { return (text.dropLast().trimmedEnd, 0) }
        guard let sign = text.lastIndex(where: { $0 == "+" || $0 == "-" }) else { return (text, nil) }
        let digits = text[text.index(after: sign)...].filter { $0 != ":" }
        guard digits.count == 2 || digits.count == 4, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
            let hours = Int(digits.prefix(2)), let minutes = digits.count == 2 ? 0 : Int(digits.suffix(2)), hours < 24,
            minutes < 60
        else { return nil }
        let seconds = hours * 3600 + minutes * 60
        return (text[..<sign].trimmedEnd, text[sign] == "-" ? -seconds : seconds)
    }

    private static func first(_ formats: [String], _ text: String) -> Reading? {
        for format in formats {
            if let reading = DateFormat(format).read(text) { return reading }
        }
        return nil
    }
}

extension Substring {
    /// Without one space at its end.
    fileprivate var trimmedEnd: Substring { last == " " ? dropLast() : self }
}
