/// A date, such as `2026-02-28`, `02/28/2026` or `Feb 28 2026`. Django's `DateField`. Its value is nil if nothing was
/// submitted.
open class DateField: BoundedField<PlainDate> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainDate?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.date(text) else { throw ValidationError("Enter a valid date.") }
        return .some(value)
    }
}
