internal import StraitCore

extension TemplateDate {
    /// Python's `str` of the date.
    var text: String { isoText(separator: " ") }

    /// Python's `isoformat` of the date.
    var iso: String { isoText(separator: "T") }

    private func isoText(separator: String) -> String {
        var result = ""
        if kind != .time { result += ISODateText.date(civil) }
        if kind == .dateTime { result += separator }
        if kind != .date {
            result += ISODateText.time(hour: hour, minute: minute, second: second, microsecond: microsecond)
        }
        if let zone { result += ISODateText.offset(zone.offset) }
        return result
    }

    /// Python's `repr` of the date.
    var representation: String {
        var parts: [String] = []
        if kind != .time { parts += [year, month, dayOfMonth].map { String($0) } }
        if kind != .date {
            parts += [hour, minute].map { String($0) }
            if second != 0 || microsecond != 0 { parts.append(String(second)) }
            if microsecond != 0 { parts.append(String(microsecond)) }
        }
        if let zone {
            let hasSign = zone.offset < 0
            let delta = hasSign ? "days=-1, seconds=\(86400 + zone.offset)" : "seconds=\(zone.offset)"
            parts.append(
                zone.offset == 0
                    ? "tzinfo=datetime.timezone.utc"
                    : "tzinfo=datetime.timezone(datetime.timedelta(\(delta)))")
        }
        let name = kind == .date ? "date" : kind == .time ? "time" : "datetime"
        return "datetime.\(name)(" + parts.joined(separator: ", ") + ")"
    }

    /// Returns an attribute of Python's dates, or the result of a method that needs no arguments. Nil if there is none.
    func member(_ name: String) -> TemplateValue? {
        if kind != .time {
            switch name {
            case "year": return .int(year)
            case "month": return .int(month)
            case "day": return .int(dayOfMonth)
            case "weekday": return .int(weekday)
            case "isoweekday": return .int(weekday + 1)
            case "toordinal": return .int(day + 719_163)
            default: break
            }
        }
        if kind != .date {
            switch name {
            case "hour": return .int(hour)
            case "minute": return .int(minute)
            case "second": return .int(second)
            case "microsecond": return .int(microsecond)
            case "tzname": return zone.map { .string($0.name) } ?? TemplateValue.none
            default: break
            }
        }
        switch (name, kind) {
        case ("isoformat", _): return .string(iso)
        case ("date", .dateTime): return .date(TemplateDate(kind: .date, day: day, microseconds: 0, zone: nil))
        case ("time", .dateTime):
            return .date(TemplateDate(kind: .time, day: 0, microseconds: microseconds, zone: nil))
        case ("timestamp", .dateTime): return .double(Double(moment) / 1_000_000)
        default: return nil
        }
    }
}
