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
        guard let text = input.values.last.map(pythonStripped), !text.isEmpty else { return nil }
        guard let parts = NumberText.Parts(text), parts.digits.utf8.count <= 1000,
            let value = Decimal(string: parts.text),
            !value.isNaN
        else { throw ValidationError("Enter a number.") }
        try check(parts)
        return .some(value)
    }

    /// Django's `DecimalValidator`.
    private func check(_ parts: NumberText.Parts) throws(ValidationError) {
        let significant = parts.digits.drop { $0 == "0" }.count
        // Python keeps the zeros behind the point and drops those in front.
        let count = Swift.max(significant, 1)
        let places = Swift.max(parts.places, 0)
        let digits = parts.places < 0 ? count - parts.places : Swift.max(count, places)
        let whole = digits - places
        func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }
        let limit = maxDigits ?? 38
        if digits > limit {
            throw ValidationError(
                "Ensure that there are no more than \(plural(limit, "digit")) in total.", code: "max_digits")
        }
        guard let decimalPlaces else { return }
        if places > decimalPlaces {
            throw ValidationError(
                "Ensure that there are no more than \(plural(decimalPlaces, "decimal place")).",
                code: "max_decimal_places")
        }
        if let maxDigits, whole > maxDigits - decimalPlaces {
            throw ValidationError(
                "Ensure that there are no more than \(plural(maxDigits - decimalPlaces, "digit")) before the decimal point.",
                code: "max_whole_digits")
        }
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
