internal import StraitNetwork

/// A choice of one of several texts. Django's `ChoiceField`. Its value is empty if nothing was submitted.
open class ChoiceField: TypedField<String> {
    /// The valid choices. A choice with an empty value stands for no selection.
    public let choices: [Choice]

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - choices: The valid choices: `["red", Choice("gb", "Green and blue")]`.
    ///   - required: This and the following parameters are those of ``CharField``.
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
    /// Returns Django's error `invalid_choice`.
    static func invalidChoice(_ text: String) -> ValidationError {
        ValidationError(
            "Select a valid choice. \(text) is not one of the available choices.", code: "invalid_choice")
    }
}
