/// A field whose values have an order, with an optional smallest and largest value: numbers, dates and times. Its value
/// is nil if nothing was submitted.
open class BoundedField<Value: Comparable & Sendable>: TypedField<Value?> {
    private let min: Value?
    private let max: Value?

    /// The widget for a field without a given one.
    class var standardWidget: Widget { .text }

    /// Returns a value's text for messages and attributes.
    class func shown(_ value: Value) -> String { "\(value)" }

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - min: The smallest valid value; nil for no limit.
    ///   - max: The largest valid value; nil for no limit.
    ///   - required: This and the following parameters are those of ``CharField``.
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
