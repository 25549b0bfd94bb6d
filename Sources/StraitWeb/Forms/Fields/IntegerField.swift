/// A whole number of 64 bits; Django's `IntegerField`. Nil where nothing was sent.
open class IntegerField: TypedField<Int?> {
    private let min: Int?
    private let max: Int?

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: Int? = nil, max: Int? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: Int? = nil, widget: Widget = .number, validators: [Validator<Int>] = [],
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

    private static func shown(_ value: Int) -> String { "\(value)" }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Int?? {
        guard let text = input.values.last, !pythonStripped(text).isEmpty else { return nil }
        guard let value = NumberText.integer(text) else { throw ValidationError("Enter a whole number.") }
        return .some(value)
    }

    override open func text(of value: Int?) -> [String] { value.map { [Self.shown($0)] } ?? [] }

    override var ownAttributes: [(name: String, value: String?)] {
        guard widget.kind == .input(type: "number") else { return [] }
        return (min.map { [("min", Self.shown($0))] } ?? []) + (max.map { [("max", Self.shown($0))] } ?? [])
    }
}
