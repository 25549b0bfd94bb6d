/// A 64-bit integer. Django's `IntegerField`. Its value is nil if nothing was submitted.
open class IntegerField: BoundedField<Int> {
    override class var standardWidget: Widget { .number }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Int?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = NumberText.integer(text) else { throw ValidationError("Enter a whole number.") }
        return .some(value)
    }
}
