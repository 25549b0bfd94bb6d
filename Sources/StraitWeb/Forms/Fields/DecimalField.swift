public import FoundationEssentials

/// A number whose digits are exact, as for money; Django's `DecimalField`. Nil where nothing was sent.
open class DecimalField: BoundedField<Decimal> {
    override class var standardWidget: Widget { .number }

    private let maxDigits: Int?
    private let decimalPlaces: Int?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - maxDigits: The most digits; 38 are the most that a `Decimal` has.
    ///   - decimalPlaces: The most digits behind the point.
    ///   - required: This and what follows as for ``CharField``.
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
        guard let parts = NumberText.Parts(text) else { throw ValidationError("Enter a number.") }
        // A Decimal has no more.
        if parts.length.total > 38 { throw Self.tooLong(Swift.min(maxDigits ?? 38, 38)) }
        guard let value = NumberText.decimal(parts) else { throw ValidationError("Enter a number.") }
        return .some(value)
    }

    private static func tooLong(_ limit: Int) -> ValidationError {
        ValidationError("Ensure that there are no more than \(plural(limit, "digit")) in total.", code: "max_digits")
    }

    private static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    /// Django's `DecimalValidator`, which counts the digits that were sent.
    override func lastError(in input: FieldInput) -> ValidationError? {
        guard let parts = input.values.last.flatMap({ NumberText.Parts($0) }) else { return nil }
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
                "Ensure that there are no more than \(Self.plural(maxDigits - decimalPlaces, "digit")) before the decimal point.",
                code: "max_whole_digits")
        }
        return nil
    }

    override var ownAttributes: [(name: String, value: String?)] {
        super.ownAttributes + (widget.kind == .input(type: "number") ? [("step", step)] : [])
    }

    /// Python's way of writing a power of ten: `0.01`, and `1e-7` for small ones.
    private var step: String {
        guard let decimalPlaces else { return "any" }
        if decimalPlaces == 0 { return "1" }
        return decimalPlaces > 6
            ? "1e-\(decimalPlaces)" : "0." + String(repeating: "0", count: decimalPlaces - 1) + "1"
    }
}
