/// A floating-point number. Django's `FloatField`. Its value is nil if nothing was submitted.
open class FloatField: BoundedField<Double> {
    override class var standardWidget: Widget { .number }

    /// Returns the number's text, without `.0` for an integer.
    override class func shown(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Double?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = NumberText.double(text) else { throw ValidationError("Enter a number.") }
        return .some(value)
    }

    override var ownAttributes: [(name: String, value: String?)] {
        super.ownAttributes + (widget.kind == .input(type: "number") ? [("step", "any")] : [])
    }
}
