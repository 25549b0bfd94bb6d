internal import StraitCore

/// The time between two dates in words, such as `4 days, 6 hours` (Django's `timesince`).
enum TimeSpan {
    /// Returns the time from `start` to `end` in at most two adjacent units. Returns nil if Python cannot subtract the
    /// dates.
    static func text(from start: TemplateDate, to end: TemplateDate) -> String? {
        guard start.kind != .time, end.kind != .time else { return nil }
        let start = start.dateTime
        var end = end.dateTime
        guard (start.zone == nil) == (end.zone == nil) else { return nil }
        if let zone = start.zone { end = TemplateDate(moment: end.moment, zone: zone) }
        guard (end.wall - start.wall).floored(by: 1_000_000) > 0 else { return named(0, "minute") }
        var months = (end.year - start.year) * 12 + end.month - start.month
        let isEarlier =
            start.dayOfMonth > end.dayOfMonth
            || (start.dayOfMonth == end.dayOfMonth && start.microseconds > end.microseconds)
        if isEarlier { months -= 1 }
        let years = months.floored(by: 12)
        months -= years * 12
        var pivot = start.wall
        if years != 0 || months != 0 {
            var year = start.year + years
            var month = start.month + months
            if month > 12 { (year, month) = (year + 1, month - 12) }
            let day = min(lengths[month - 1], start.dayOfMonth)
            pivot =
                CivilDate(year: year, month: month, day: day).daysSinceEpoch * TemplateDate.dayLength
                + (start.microseconds - start.microseconds % 1_000_000)
        }
        var rest = end.wall - pivot
        var counts = [years, months]
        for chunk in [604_800, 86_400, 3600, 60] {
            let count = rest.floored(by: chunk * 1_000_000)
            counts.append(count)
            rest -= count * chunk * 1_000_000
        }
        guard let first = counts.firstIndex(where: { $0 != 0 }) else { return named(0, "minute") }
        var parts: [String] = []
        for index in first..<min(first + 2, counts.count) where counts[index] != 0 {
            parts.append(named(counts[index], units[index]))
        }
        return parts.joined(separator: ", ")
    }

    private static let units = ["year", "month", "week", "day", "hour", "minute"]
    private static let lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

    /// Returns a count and its unit, with a no-break space between them.
    private static func named(_ count: Int, _ unit: String) -> String {
        "\(count)\u{A0}\(unit)\(count == 1 ? "" : "s")"
    }
}
