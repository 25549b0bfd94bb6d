internal import StraitCore

/// A choice of yes, no and unknown. Django's `NullBooleanField`. Its value is nil for unknown, and for any other input:
/// it has no errors.
open class NullBooleanField: TypedField<Bool?> {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        label: String? = nil, help: String = "", initial: Bool? = nil, widget: Widget = .select,
        validators: [Validator<Bool>] = []
    ) {
        super.init(
            Options(isRequired: false, label: label, help: help, widget: widget, messages: [:]), widget: .select,
            empty: nil, initial: .some(initial), validators: validators.map { $0.orEmpty })
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Bool?? { Self.value(of: input) }

    private static func value(of input: FieldInput) -> Bool? {
        let text = input.values.last ?? ""
        if ["true", "True", "2"].contains(where: { $0.hasSameBytes(as: text) }) { return true }
        return ["false", "False", "3"].contains { $0.hasSameBytes(as: text) } ? false : nil
    }

    override open func text(of value: Bool?) -> [String] { [value.map { $0 ? "true" : "false" } ?? "unknown"] }
    override open func shown(_ input: FieldInput) -> [String] { text(of: Self.value(of: input)) }

    override var shownChoices: [Choice] {
        [Choice("unknown", "Unknown"), Choice("true", "Yes"), Choice("false", "No")]
    }
}
