internal import Foundation
internal import StraitCore
internal import StraitText

/// A date that is formatted with Django's format characters, in English (`django.utils.dateformat`).
struct DateText {
    private let date: TemplateDate
    /// The day, which is computed once for all parts.
    private let civil: CivilDate
    /// The date's own zone, or else the engine's zone at that local time. Nil if the local time occurs twice or is
    /// skipped, and for a value that is only a date or only a time.
    private let zone: TemplateDate.Zone?
    /// Whether only time characters are allowed, as in the filter `time`.
    private let isTime: Bool

    /// Returns `date` in `format`. Returns nil if the value lacks a part that the format needs; Django then prints
    /// nothing.
    ///
    /// - Throws: `badValue` if a date needs a time, or a time needs a date. Django raises an error too.
    static func format(
        _ date: TemplateDate, _ format: String, _ timeZone: TimeZone, isTime: Bool = false
    ) throws(TemplateError) -> String? {
        let zone = date.zone ?? (date.kind == .dateTime ? ZoneRules.zone(ofWall: date, timeZone) : nil)
        let text = DateText(date: date, civil: date.civil, zone: zone, isTime: isTime)
        let hasBackslash = format.utf8.contains(UInt8(ascii: "\\"))
        var result = ""
        var wasBackslash = false
        var literal = ""
        for scalar in format.unicodeScalars {
            if !wasBackslash, characters.contains(scalar) {
                if !literal.isEmpty {
                    result += unescaped(literal)
                    literal = ""
                }
                if date.kind == .date, timeCharacters.contains(scalar) {
                    throw .badValue(
                        """
                        The format '\(format)' contains '\(scalar)', which needs a time, but the value is only a date. \
                        Remove it, or pass a date with a time.
                        """)
                }
                if scalar == "r" || scalar == "U", date.kind == .time, !isTime {
                    throw .badValue(
                        """
                        The format '\(format)' contains '\(scalar)', which needs a date, but the value is only a time. \
                        Remove it.
                        """)
                }
                guard let part = text.part(scalar, timeZone) else { return nil }
                result += part
            } else if hasBackslash {
                literal.unicodeScalars.append(scalar)
            } else {
                result.unicodeScalars.append(scalar)
            }
            wasBackslash = scalar == "\\"
        }
        return literal.isEmpty ? result : result + unescaped(literal)
    }

    /// Returns the literal text of `format`, for a value that is not a date. Returns an empty string if the format
    /// needs a date or time.
    static func undated(_ format: String, isTime: Bool) -> String {
        var literal = ""
        var wasBackslash = false
        for scalar in format.unicodeScalars {
            if !wasBackslash, characters.contains(scalar) {
                // Without a time zone, the time zone's characters print nothing.
                guard ["e", "O", "T", "Z"].contains(scalar) || (scalar == "I" && !isTime) else { return "" }
            } else {
                literal.unicodeScalars.append(scalar)
            }
            wasBackslash = scalar == "\\"
        }
        return unescaped(literal)
    }

    /// Returns the format with the name `format`, such as `SHORT_DATE_FORMAT`, or else `format` itself. If it is empty,
    /// `standard` is used.
    static func named(_ format: String, _ standard: String) -> String {
        let name = format.isEmpty ? standard : format
        // The names are rarer than formats, and end with the same letter.
        guard name.utf8.last == UInt8(ascii: "T") else { return name }
        return formats[TextKey(name)] ?? name
    }

    /// Returns the output of `{{ date }}`.
    static func standard(_ date: TemplateDate, _ timeZone: TimeZone) -> String {
        let name = date.kind == .dateTime ? "DATETIME_FORMAT" : date.kind == .date ? "DATE_FORMAT" : "TIME_FORMAT"
        do { return try format(date, named("", name), timeZone, isTime: date.kind == .time) ?? "" } catch { return "" }
    }

    private static let formats: [TextKey: String] = [
        "DATE_FORMAT": "N j, Y", "TIME_FORMAT": "P", "DATETIME_FORMAT": "N j, Y, P", "YEAR_MONTH_FORMAT": "F Y",
        "MONTH_DAY_FORMAT": "F j", "SHORT_DATE_FORMAT": "m/d/Y", "SHORT_DATETIME_FORMAT": "m/d/Y P",
    ]

    private static let timeCharacters = Letters("aAefgGhHiOPsTuZ")
    private static let characters = Letters("aAefgGhHiOPsTuZbcdDEFIjlLmMnNorStUwWyYz")

    /// A set of ASCII letters, one bit for each. It is searched for each character of a format.
    private struct Letters {
        private let bits: UInt128

        init(_ letters: String) { bits = letters.utf8.reduce(0) { $0 | 1 << UInt128($1) } }

        func contains(_ scalar: Unicode.Scalar) -> Bool { scalar.value < 128 && bits >> UInt128(scalar.value) & 1 == 1 }
    }

    /// Replaces `\x` with `x`, except before a line break.
    private static func unescaped(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "\\")) else { return text }
        var result = String.UnicodeScalarView()
        var isEscaped = false
        for scalar in text.unicodeScalars {
            if !isEscaped, scalar == "\\" {
                isEscaped = true
                continue
            }
            if isEscaped, scalar == "\n" { result.append("\\") }
            result.append(scalar)
            isEscaped = false
        }
        if isEscaped { result.append("\\") }
        return String(result)
    }

    private func part(_ scalar: Unicode.Scalar, _ timeZone: TimeZone) -> String? {
        if Self.timeCharacters.contains(scalar) { return timePart(scalar) }
        guard !isTime else { return nil }
        if date.kind == .time { return scalar == "I" ? "" : scalar == "c" ? date.iso : nil }
        return datePart(scalar, timeZone)
    }

    private func timePart(_ scalar: Unicode.Scalar) -> String {
        let hour12 = (date.hour + 11) % 12 + 1
        let short = date.minute == 0 ? "\(hour12)" : "\(hour12):\(two(date.minute))"
        let half = date.hour > 11 ? "p.m." : "a.m."
        switch scalar {
        case "a": return half
        case "A": return date.hour > 11 ? "PM" : "AM"
        case "e": return date.zone != nil ? zone?.name ?? "" : ""
        case "f": return short
        case "g": return String(hour12)
        case "G": return String(date.hour)
        case "h": return two(hour12)
        case "H": return two(date.hour)
        case "i": return two(date.minute)
        case "O": return zone.map { offset($0) } ?? ""
        case "P":
            guard date.minute == 0, date.hour % 12 == 0 else { return "\(short) \(half)" }
            return date.hour == 0 ? "midnight" : "noon"
        case "s": return two(date.second)
        case "T": return zone?.name ?? ""
        case "u": return date.microsecond.padded(6)
        default: return zone.map { String($0.offset) } ?? ""
        }
    }

    private func datePart(_ scalar: Unicode.Scalar, _ timeZone: TimeZone) -> String {
        let month = civil.month
        let weekday = CivilDate.weekdays[date.weekday]
        let monthName = CivilDate.months[month - 1]
        switch scalar {
        case "b": return monthName.prefix(3).lowercased()
        case "c": return date.iso
        case "d": return two(civil.day)
        case "D": return String(weekday.prefix(3))
        case "E", "F": return monthName
        case "I": return zone.map { $0.isDaylightSaving ? "1" : "0" } ?? ""
        case "j": return String(civil.day)
        case "l": return weekday
        case "L": return CivilDate.isLeap(civil.year) ? "True" : "False"
        case "m": return two(month)
        case "M": return String(monthName.prefix(3))
        case "n": return String(month)
        case "N": return Self.shortMonths[month - 1]
        case "o": return String(civil.isoWeek.year)
        case "r":
            let zone = date.zone ?? ZoneRules.firstZone(ofWall: date, timeZone)
            let time = ISODateText.time(hour: date.hour, minute: date.minute, second: date.second)
            return
                """
                \(weekday.prefix(3)), \(two(civil.day)) \(monthName.prefix(3)) \
                \(civil.year.padded(4)) \(time) \(offset(zone, hasSeconds: true))
                """
        case "S":
            if (11...13).contains(civil.day) { return "th" }
            return ["st", "nd", "rd"].at(civil.day % 10 - 1) ?? "th"
        case "t": return String(CivilDate.length(ofMonth: month, civil.year))
        case "U":
            let offset = zone?.offset ?? ZoneRules.firstZone(ofWall: date, timeZone).offset
            let moment = date.wall - offset * 1_000_000
            return String(moment / 1_000_000)
        case "w": return String((date.weekday + 1) % 7)
        case "W": return String(civil.isoWeek.week)
        case "y": return two(civil.year % 100)
        case "Y": return civil.year.padded(4)
        default: return String(date.dayOfYear)
        }
    }

    private static let pairs = (0..<100).map { $0.padded(2) }

    private func two(_ number: Int) -> String { Self.pairs.at(number) ?? number.padded(2) }

    private func offset(_ zone: TemplateDate.Zone, hasSeconds: Bool = false) -> String {
        let seconds = abs(zone.offset)
        let rest = seconds % 60 == 0 || !hasSeconds ? "" : two(seconds % 60)
        return "\(zone.offset < 0 ? "-" : "+")\(two(seconds / 3600))\(two(seconds / 60 % 60))\(rest)"
    }

    private static let shortMonths = [
        "Jan.", "Feb.", "March", "April", "May", "June", "July", "Aug.", "Sept.", "Oct.", "Nov.", "Dec.",
    ]
}
