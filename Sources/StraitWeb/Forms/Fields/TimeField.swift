/// A time of day, such as `14:30` or `14:30:59`. Django's `TimeField`. Its value is nil if nothing was submitted.
open class TimeField: BoundedField<PlainTime> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainTime?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.time(text) else { throw ValidationError("Enter a valid time.") }
        return .some(value)
    }
}
