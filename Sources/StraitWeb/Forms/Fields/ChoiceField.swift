internal import StraitNetwork

/// One of several texts; Django's `ChoiceField`. Empty where nothing was sent.
open class ChoiceField: TypedField<String> {
    /// What may be chosen; an empty value stands for nothing.
    public let choices: [Choice]

    /// - Parameters:
    ///   - choices: What may be chosen: `["red", Choice("gb", "Green and blue")]`.
    ///   - required: This and what follows as for ``CharField``.
    public init(
        choices: [Choice], required: Bool = true, label: String? = nil, help: String = "", initial: String? = nil,
        widget: Widget = .select, validators: [Validator<String>] = [], messages: [String: String] = [:]
    ) {
        self.choices = choices
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .select, empty: "", initial: initial, validators: validators)
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard choices.contains(where: { $0.value.hasSameBytes(as: text) }) else { throw .invalidChoice(text) }
        return text
    }

    override var shownChoices: [Choice] { choices }
}

extension ValidationError {
    /// Django's `invalid_choice`.
    static func invalidChoice(_ text: String) -> ValidationError {
        ValidationError(
            "Select a valid choice. \(text) is not one of the available choices.", code: "invalid_choice")
    }
}
