internal import Foundation
internal import StraitCore
internal import StraitText

/// A date that is written in a ``DateFormat``, in English (`django.utils.dateformat`).
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
        _ date: TemplateDate, _ format: DateFormat, _ timeZone: TimeZone, isTime: Bool = false
    ) throws(TemplateError) -> String? {
        let zone = date.zone ?? (date.kind == .dateTime ? ZoneRules.zone(ofWall: date, timeZone) : nil)
        let text = DateText(date: date, civil: date.civil, zone: zone, isTime: isTime)
        var result = ""
        for part in format.parts {
            switch part {
            case .text(let literal): result += literal
            case .letter(let letter):
                if date.kind == .date, DateFormat.timeLetters.contains(letter) {
                    throw .badValue(
                        """
                        The format '\(format.text)' contains '\(letter)', which needs a time, but the value is only a \
                        date. Remove it, or pass a date with a time.
                        """)
                }
                if letter == "r" || letter == "U", date.kind == .time, !isTime {
                    throw .badValue(
                        """
                        The format '\(format.text)' contains '\(letter)', which needs a date, but the value is only a \
                        time. Remove it.
                        """)
                }
                guard let part = text.part(letter, timeZone) else { return nil }
                result += part
            }
        }
        return result
    }

    /// Returns the literal text of `format`, for a value that is not a date. Returns an empty string if the format
    /// needs a date or time.
    static func undated(_ format: DateFormat, isTime: Bool) -> String {
        var result = ""
        for part in format.parts {
            switch part {
            case .text(let literal): result += literal
            case .letter(let letter):
                // Without a time zone, the time zone's letters print nothing.
                guard ["e", "O", "T", "Z"].contains(letter) || (letter == "I" && !isTime) else { return "" }
            }
        }
        return result
    }

    /// Returns the output of `{{ date }}`.
    static func standard(_ date: TemplateDate, _ timeZone: TimeZone) -> String {
        let format =
            switch date.kind {
            case .dateTime: DateFormat.dateTime
            case .date: DateFormat.date
            case .time: DateFormat.time
            }
        do { return try self.format(date, format, timeZone, isTime: date.kind == .time) ?? "" } catch { return "" }
    }

    private func part(_ scalar: Unicode.Scalar, _ timeZone: TimeZone) -> String? {
        if DateFormat.timeLetters.contains(scalar) { return timePart(scalar) }
        guard !isTime else { return nil }
        if date.kind == .time { return scalar == "I" ? "" : scalar == "c" ? date.iso : nil }
        return datePart(scalar, timeZone)
    }

    private func timePart(_ scalar: Unicode.Scalar) -> String {
        var hour12: Int { (date.hour + 11) % 12 + 1 }
        var short: String { date.minute == 0 ? "\(hour12)" : "\(hour12):\(two(date.minute))" }
        var half: String { date.hour > 11 ? "p.m." : "a.m." }
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
        var weekday: String { CivilDate.weekdays[date.weekday] }
        var monthName: String { CivilDate.months[month - 1] }
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
