internal import StraitNetwork

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
