/// ISO 8601 text for dates, times and UTC offsets, in the format of Python's `isoformat`.
package enum ISODateText {
    /// Returns `2026-02-28`.
    package static func date(_ date: CivilDate) -> String {
        "\(date.year.padded(4))-\(date.month.padded(2))-\(date.day.padded(2))"
    }

    /// Returns `14:30:59`, followed by `.000200` if there are microseconds.
    package static func time(hour: Int, minute: Int, second: Int, microsecond: Int = 0) -> String {
        clock(hour, minute, second) + (microsecond == 0 ? "" : "." + microsecond.padded(6))
    }

    /// Returns the time of a second of the day, counted from 0: `14:30:59`.
    package static func time(secondOfDay: Int) -> String {
        clock(secondOfDay / 3600, secondOfDay / 60 % 60, secondOfDay % 60)
    }

    /// Returns a UTC offset in seconds as `+02:00`, or as `-00:00:30` if it has seconds.
    package static func offset(_ offset: Int) -> String {
        let size = Int(clamping: offset.magnitude)
        let seconds = size % 60 == 0 ? "" : ":" + (size % 60).padded(2)
        return "\(offset < 0 ? "-" : "+")\((size / 3600).padded(2)):\((size / 60 % 60).padded(2))" + seconds
    }

    private static func clock(_ hour: Int, _ minute: Int, _ second: Int) -> String {
        "\(hour.padded(2)):\(minute.padded(2)):\(second.padded(2))"
    }
}

extension Int {
    /// Returns a non-negative number with leading zeros, at least `width` digits long.
    package func padded(_ width: Int) -> String {
        let text = String(self)
        return text.utf8.count < width ? String(repeating: "0", count: width - text.utf8.count) + text : text
    }
}
