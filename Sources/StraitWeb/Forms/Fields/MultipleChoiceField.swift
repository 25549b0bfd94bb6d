internal import StraitNetwork

/// A choice of any of several texts. Django's `MultipleChoiceField`. Its value is an empty array if nothing was
/// submitted.
open class MultipleChoiceField: TypedField<[String]> {
    /// The valid choices.
    public let choices: [Choice]

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - choices: The valid choices.
    ///   - required: Whether at least one must be selected. This and the following parameters are those of
    ///     ``CharField``.
    public init(
        choices: [Choice], required: Bool = true, label: String? = nil, help: String = "", initial: [String]? = nil,
        widget: Widget = .selectMultiple, validators: [Validator<[String]>] = [], messages: [String: String] = [:]
    ) {
        self.choices = choices
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .selectMultiple, empty: [], initial: initial, validators: validators)
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> [String]? {
        for text in input.values where !choices.contains(where: { $0.value.hasSameBytes(as: text) }) {
            throw .invalidChoice(text)
        }
        return input.values.isEmpty ? nil : input.values
    }

    override open func text(of value: [String]) -> [String] { value }
    override open func shown(_ input: FieldInput) -> [String] { input.values }
    override var shownChoices: [Choice] { choices }
}
