internal import StraitText

/// A span of time, such as `3 04:05:06.789`, `04:05:06` or `P3DT4H`. Django's `DurationField`. Its value is nil if
/// nothing was submitted.
open class DurationField: BoundedField<Duration> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> Duration?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        switch text.utf8.count <= 200 ? DurationText.read(text) : nil {
        case .duration(let value): return .some(value)
        case .tooLong: throw .days(DurationText.days)
        case nil: throw ValidationError("Enter a valid duration.")
        }
    }

    override open class func shown(_ value: Duration) -> String { DurationText.text(of: value) }
}

extension ValidationError {
    /// Returns Django's error for a duration with too many days.
    package static func days(_ range: ClosedRange<Int>) -> ValidationError {
        ValidationError(
            "The number of days must be between \(range.lowerBound) and \(range.upperBound).", code: "overflow")
    }
}
