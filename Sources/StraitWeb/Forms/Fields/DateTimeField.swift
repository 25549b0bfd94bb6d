/// A date and a time, such as `2026-02-28 14:30`, `2026-02-28T14:30+01:00` or `02/28/2026 14:30`. Django's
/// `DateTimeField`. Its value is nil if nothing was submitted.
open class DateTimeField: BoundedField<PlainDateTime> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDateTime?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.dateTime(text) else { throw ValidationError("Enter a valid date/time.") }
        return .some(value)
    }
}
