public import FoundationEssentials
internal import StraitText

/// A number with exact decimal digits, such as a price. Django's `DecimalField`. Its value is nil if nothing was
/// submitted.
open class DecimalField: BoundedField<Decimal> {
    override class var standardWidget: Widget { .number }

    private let maxDigits: Int?
    private let decimalPlaces: Int?

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - min: The smallest valid value; nil for no limit.
    ///   - max: The largest valid value; nil for no limit.
    ///   - maxDigits: The largest number of digits; nil for 38, the most that a `Decimal` holds.
    ///   - decimalPlaces: The largest number of digits after the decimal point; nil for no limit.
    ///   - required: This and the following parameters are those of ``CharField``.
    public init(
        min: Decimal? = nil, max: Decimal? = nil, maxDigits: Int? = nil, decimalPlaces: Int? = nil,
        required: Bool = true, label: String? = nil, help: String = "", initial: Decimal? = nil,
        widget: Widget? = nil, validators: [Validator<Decimal>] = [], messages: [String: String] = [:]
    ) {
        self.maxDigits = maxDigits
        self.decimalPlaces = decimalPlaces
        super.init(
            min: min, max: max, required: required, label: label, help: help, initial: initial, widget: widget,
            validators: validators, messages: messages)
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Decimal?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let parts = NumberText.parts(text), parts.exponent != nil else {
            throw ValidationError("Enter a number.")
        }
        // A Decimal holds at most 38 digits.
        if parts.length.total > 38 { throw Self.tooLong(Swift.min(maxDigits ?? 38, 38)) }
        guard let value = NumberText.decimal(parts) else { throw ValidationError("Enter a number.") }
        return .some(value)
    }

    private static func tooLong(_ limit: Int) -> ValidationError {
        ValidationError("Ensure that there are no more than \(plural(limit, "digit")) in total.", code: "max_digits")
    }

    private static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    /// Checks the submitted digits as Django's `DecimalValidator` does.
    override func lastError(in input: FieldInput) -> ValidationError? {
        guard let parts = input.values.last.flatMap(NumberText.parts) else { return nil }
        let (digits, places) = parts.length
        if let maxDigits, digits > maxDigits { return Self.tooLong(maxDigits) }
        guard let decimalPlaces else { return nil }
        if places > decimalPlaces {
            return ValidationError(
                "Ensure that there are no more than \(Self.plural(decimalPlaces, "decimal place")).",
                code: "max_decimal_places")
        }
        if let maxDigits, digits - places > maxDigits - decimalPlaces {
            return ValidationError(
                """
                Ensure that there are no more than \(Self.plural(maxDigits - decimalPlaces, "digit")) before the \
                decimal point.
                """,
                code: "max_whole_digits")
        }
        return nil
    }

    override var ownAttributes: [(name: String, value: String?)] {
        super.ownAttributes + (widget.kind == .input(type: "number") ? [("step", step)] : [])
    }

    /// The step of the browser's control, in Python's notation: `0.01`, or `1e-7` for small ones.
    private var step: String {
        guard let decimalPlaces else { return "any" }
        if decimalPlaces == 0 { return "1" }
        return decimalPlaces > 6
            ? "1e-\(decimalPlaces)" : "0." + String(repeating: "0", count: decimalPlaces - 1) + "1"
    }
}

/// A 64-bit integer. Django's `IntegerField`. Its value is nil if nothing was submitted.
open class IntegerField: BoundedField<Int> {
    override class var standardWidget: Widget { .number }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Int?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = NumberText.integer(text) else { throw ValidationError("Enter a whole number.") }
        return .some(value)
    }
}

/// A floating-point number. Django's `FloatField`. Its value is nil if nothing was submitted.
open class FloatField: BoundedField<Double> {
    override class var standardWidget: Widget { .number }

    /// Returns the text of a limit, without `.0` for an integer. An initial value has it, as in Django.
    override class func shown(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    override open func text(of value: Double?) -> [String] { value.map { [PythonNumber.text($0)] } ?? [] }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Double?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = NumberText.double(text) else { throw ValidationError("Enter a number.") }
        return .some(value)
    }

    override var ownAttributes: [(name: String, value: String?)] {
        super.ownAttributes + (widget.kind == .input(type: "number") ? [("step", "any")] : [])
    }
}
