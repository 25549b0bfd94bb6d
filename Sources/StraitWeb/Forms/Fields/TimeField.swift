/// A time of the day, written `14:30`, `14:30:59` …; Django's `TimeField`. Nil where nothing was sent.
open class TimeField: BoundedField<PlainTime> {
    override open func read(_ input: FieldInput) throws(ValidationError) -> PlainTime?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = DateFormat.time(text) else { throw ValidationError("Enter a valid time.") }
        return .some(value)
    }
}
