/// A field whose values have an order, and may have a smallest and a largest one: numbers, days and times. Nil where
/// nothing was sent.
open class BoundedField<Value: Comparable & Sendable>: TypedField<Value?> {
    private let min: Value?
    private let max: Value?

    /// What it is shown as where nothing else is asked for.
    class var standardWidget: Widget { .text }

    /// How a value is written in texts and attributes.
    class func shown(_ value: Value) -> String { "\(value)" }

    /// - Parameters:
    ///   - min: The smallest value that is taken.
    ///   - max: The largest.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        min: Value? = nil, max: Value? = nil, required: Bool = true, label: String? = nil, help: String = "",
        initial: Value? = nil, widget: Widget? = nil, validators: [Validator<Value>] = [],
        messages: [String: String] = [:]
    ) {
        self.min = min
        self.max = max
        let all =
            validators + (max.map { [.maximum($0, Self.shown($0))] } ?? [])
            + (min.map { [.minimum($0, Self.shown($0))] } ?? [])
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: Self.standardWidget, empty: nil, initial: initial, validators: all.map { $0.orEmpty })
    }

    override open func text(of value: Value?) -> [String] { value.map { [Self.shown($0)] } ?? [] }

    override var ownAttributes: [(name: String, value: String?)] {
        guard widget.kind == .input(type: "number") else { return [] }
        return (min.map { [("min", Self.shown($0))] } ?? []) + (max.map { [("max", Self.shown($0))] } ?? [])
    }
}
