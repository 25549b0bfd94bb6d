internal import StraitCore

/// A span of time, such as `3 04:05:06.789`, `04:05:06` or `P3DT4H`. Django's `DurationField`. Its value is nil if
/// nothing was submitted.
open class DurationField: BoundedField<Duration> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> Duration?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard text.utf8.count <= 200, let value = DurationText.duration(text) else {
            throw ValidationError("Enter a valid duration.")
        }
        return .some(value)
    }

    override open class func shown(_ value: Duration) -> String { DurationText.text(of: value) }
}

/// Spans of time in the formats of Django's `parse_duration` and `duration_string`.
enum DurationText {
    /// Reads `3 04:05:06.789`, `3 days, 04:05:06`, `05:06`, or ISO 8601 such as `-P3DT4H5M6.5S`. Returns nil for other
    /// text.
    static func duration(_ text: String) -> Duration? { standard(text) ?? iso(text) }

    private static func standard(_ text: String) -> Duration? {
        let pattern = #/(?:(-?\d+) (?:days?, )?)?(-?)(?:(?:(\d+):(?=\d+:\d+))?(\d+):)?(\d+)(?:[.,](\d{1,6})\d{0,6})?/#
        guard let match = text.wholeMatch(of: pattern.asciiOnlyDigits().matchingSemantics(.unicodeScalar)) else {
            return nil
        }
        let (_, days, sign, hours, minutes, seconds, fraction) = match.output
        guard let time = time(hours, minutes, seconds, fraction), let days = Int(days ?? "0"),
            days.magnitude < 100_000_000
        else { return nil }
        return .seconds(days * 86_400) + (sign == "-" ? .zero - time : time)
    }

    private static func iso(_ text: String) -> Duration? {
        // In the extended syntax, which ignores white space.
        let pattern =
            #/
            ([-+]?)P(?:(\d+)(?:[.,](\d+))?D)?
            (?:T(?:(\d+)(?:[.,](\d+))?H)?(?:(\d+)(?:[.,](\d+))?M)?(?:(\d+)(?:[.,](\d+))?S)?)?
            /#
        guard let match = text.wholeMatch(of: pattern.asciiOnlyDigits().matchingSemantics(.unicodeScalar)) else {
            return nil
        }
        let output = match.output
        let parts = [
            (output.2, output.3, 86_400), (output.4, output.5, 3600), (output.6, output.7, 60), (output.8, output.9, 1),
        ]
        var total = Duration.zero
        for (whole, fraction, unit) in parts {
            guard let whole = Int(whole ?? "0"), whole < 10_000_000_000 / unit,
                let share = Double("0." + (fraction ?? "0"))
            else { return nil }
            total += .seconds(whole * unit) + .microseconds((share * Double(unit) * 1_000_000).rounded())
        }
        return output.1 == "-" ? .zero - total : total
    }

    private static func time(
        _ hours: Substring?, _ minutes: Substring?, _ seconds: Substring, _ fraction: Substring?
    ) -> Duration? {
        guard let hours = Int(hours ?? "0"), let minutes = Int(minutes ?? "0"), let seconds = Int(seconds),
            max(hours, minutes, seconds) < 1_000_000_000_000, var microseconds = Int(fraction ?? "0")
        else { return nil }
        for _ in (fraction ?? "000000").count..<6 { microseconds *= 10 }
        return .seconds(hours * 3600 + minutes * 60 + seconds) + .microseconds(microseconds)
    }

    /// Returns `3 04:05:06.789000`: days, if there are any, and a time. Negative spans have negative days.
    static func text(of value: Duration) -> String {
        let (seconds, attoseconds) = value.components
        let microseconds = Int(attoseconds / 1_000_000_000_000)
        let whole = Int(seconds) + microseconds.floored(by: 1_000_000)
        let (days, rest) = (whole.floored(by: 86_400), whole.modulo(86_400))
        let time = ISODateText.time(
            hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60,
            microsecond: microseconds.modulo(1_000_000))
        return days == 0 ? time : "\(days) \(time)"
    }
}
