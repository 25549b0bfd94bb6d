import StraitCore
internal import StraitJSON

/// A value as JSON text. Django's `JSONField`. Its value is the submitted text, or empty if nothing was submitted.
open class JSONField: TypedField<String> {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        required: Bool = true, label: String? = nil, help: String = "", initial: String? = nil,
        widget: Widget? = nil, validators: [Validator<String>] = [], messages: [String: String] = [:]
    ) {
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            widget: .textarea(), empty: "", initial: initial, validators: validators)
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = input.values.last, !text.isEmpty else { return nil }
        do {
            _ = try JSONCoder().decode(JSONSyntax.self, from: text)
        } catch {
            throw ValidationError("Enter a valid JSON.")
        }
        return text
    }

    /// Shows `null` without input, as Django does.
    override open func shown(_ input: FieldInput) -> [String] { [input.values.last ?? "null"] }

    override package var shownValues: [String] {
        let shown = super.shownValues
        return shown.isEmpty ? ["null"] : shown
    }
}

/// Any JSON value.
private struct JSONSyntax: Decodable {
    init(from decoder: any Decoder) throws {}
}
