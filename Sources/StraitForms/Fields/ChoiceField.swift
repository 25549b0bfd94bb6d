internal import StraitCore

/// A choice of one of several strings. Django's `ChoiceField`. Its value is empty if nothing was submitted.
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

/// One of the values that a field may have, with its label.
public struct Choice: Sendable, Hashable {
    /// The value that a form submits.
    public let value: String
    /// The text that the page shows.
    public let label: String

    /// Creates a choice.
    ///
    /// - Parameters:
    ///   - value: The value that a form submits.
    ///   - label: The text that the page shows; nil for the value.
    public init(_ value: String, _ label: String? = nil) {
        self.value = value
        self.label = label ?? value
    }
}

extension Choice: ExpressibleByStringLiteral {
    /// Creates a choice whose label is its value.
    public init(stringLiteral value: String) { self.init(value) }
}

/// A choice of one of an enumeration's cases. Django's `TypedChoiceField`. Its value is nil if nothing was submitted.
///
/// ```swift
/// enum Size: String, CaseIterable { case small, large }
/// let size = EnumField(Size.self)
/// ```
open class EnumField<Case: CaseIterable & RawRepresentable<String>>: TypedField<Case?> {
    private let choices: [Choice]

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - type: The enumeration. A form submits the raw values.
    ///   - labels: Returns the label of a case; by default its raw value.
    ///   - required: This and the following parameters are those of ``CharField``.
    public init(
        _ type: Case.Type = Case.self, labels: (Case) -> String = { $0.rawValue }, required: Bool = true,
        label: String? = nil, help: String = "", initial: Case? = nil, widget: Widget = .select,
        messages: [String: String] = [:]
    ) {
        choices = (required ? [] : [Choice("", "---------")]) + Case.allCases.map { Choice($0.rawValue, labels($0)) }
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .select, empty: nil, initial: initial, validators: [])
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> Case?? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        guard let value = Case.allCases.first(where: { $0.rawValue.hasSameBytes(as: text) }) else {
            throw .invalidChoice(text)
        }
        return .some(value)
    }

    override open func text(of value: Case?) -> [String] { value.map { [$0.rawValue] } ?? [] }
    override var shownChoices: [Choice] { choices }
}

/// A choice of any number of strings. Django's `MultipleChoiceField`. Its value is an empty array if nothing was
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
