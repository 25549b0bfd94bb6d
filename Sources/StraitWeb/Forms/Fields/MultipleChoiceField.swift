internal import StraitNetwork

/// Any of several texts; Django's `MultipleChoiceField`. No elements where nothing was sent.
open class MultipleChoiceField: TypedField<[String]> {
    /// What may be chosen.
    public let choices: [Choice]

    /// - Parameters:
    ///   - choices: What may be chosen.
    ///   - required: Whether at least one has to be; this and what follows as for ``CharField``.
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
