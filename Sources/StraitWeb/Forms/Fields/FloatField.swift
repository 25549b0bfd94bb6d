/// A number; Django's `FloatField`. Nil where nothing was sent.
open class FloatField: TypedField<Double?> {
    private let min: Double?
    private let max: Double?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: Double? = nil, max: Double? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: Double? = nil, widget: Widget = .number, validators: [Validator<Double>] = [],
        messages: [String: String] = [:]
    ) {
        self.min = min
        self.max = max
        let all =
            validators + (max.map { [.maximum($0, Self.shown($0))] } ?? [])
            + (min.map { [.minimum($0, Self.shown($0))] } ?? [])
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .number, empty: nil, initial: initial, validators: all.map { $0.orEmpty })
    }

    /// A whole number without `.0`.
    private static func shown(_ value: Double) -> String {
        Int(exactly: value).map(String.init) ?? "\(value)"
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Double?? {
        guard let text = input.values.last, !pythonStripped(text).isEmpty else { return nil }
        guard let value = NumberText.double(text) else { throw ValidationError("Enter a number.") }
        return .some(value)
    }

    override open func text(of value: Double?) -> [String] { value.map { [Self.shown($0)] } ?? [] }

    override var ownAttributes: [(name: String, value: String?)] {
        guard widget.kind == .input(type: "number") else { return [] }
        return (min.map { [("min", Self.shown($0))] } ?? []) + (max.map { [("max", Self.shown($0))] } ?? []) + [
            ("step", "any")
        ]
    }
}
