/// A text field. Django's `CharField`. Its value is empty if nothing was submitted.
open class CharField: TypedField<String> {
    private let minLength: Int?
    private let maxLength: Int?
    private let isStripped: Bool

    init(
        minLength: Int?, maxLength: Int?, strip: Bool, options: Options, initial: String?,
        validators: [Validator<String>], lastValidator: Validator<String>
    ) {
        self.minLength = minLength
        self.maxLength = maxLength
        isStripped = strip
        super.init(
            options, widget: .text, empty: "", initial: initial,
            validators: validators + Self.lengths(minLength, maxLength) + [.withoutNull, lastValidator])
    }

    private static func lengths(_ minLength: Int?, _ maxLength: Int?) -> [Validator<String>] {
        (minLength.map { [.minimumLength($0)] } ?? []) + (maxLength.map { [.maximumLength($0)] } ?? [])
    }

    /// Creates a field.
    ///
    /// - Parameters:
    ///   - minLength: The smallest valid length, in Unicode scalars; nil for no limit.
    ///   - maxLength: The largest valid length, in Unicode scalars; nil for no limit.
    ///   - strip: Whether to remove white space from both ends.
    ///   - required: Whether the field must be filled in.
    ///   - label: The field's label in the page; nil for one made from its name.
    ///   - help: A text that helps the user to fill in the field. It is escaped.
    ///   - initial: The value shown before the form is submitted.
    ///   - widget: The field's control in the page.
    ///   - validators: Further checks.
    ///   - messages: Custom error messages, by error code.
    public init(
        minLength: Int? = nil, maxLength: Int? = nil, strip: Bool = true, required: Bool = true, label: String? = nil,
        help: String = "", initial: String? = nil, widget: Widget = .text, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        self.minLength = minLength
        self.maxLength = maxLength
        isStripped = strip
        super.init(
            Options(isRequired: required, label: label, help: help, widget: widget, messages: messages), widget: .text,
            empty: "", initial: initial,
            validators: validators + Self.lengths(minLength, maxLength) + [.withoutNull])
    }

    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        let text = input.values.last ?? ""
        let stripped = isStripped ? pythonStripped(text) : text
        return stripped.isEmpty ? nil : stripped
    }

    override var ownAttributes: [(name: String, value: String?)] {
        if widget.isHidden { return [] }
        return (maxLength.map { [("maxlength", "\($0)")] } ?? []) + (minLength.map { [("minlength", "\($0)")] } ?? [])
    }
}

/// Returns `text` without the characters at both ends that Python treats as white space.
func pythonStripped(_ text: String) -> String {
    guard let first = text.unicodeScalars.firstIndex(where: { !isPythonSpace($0) }),
        let last = text.unicodeScalars.lastIndex(where: { !isPythonSpace($0) })
    else { return "" }
    return String(text.unicodeScalars[first...last])
}

/// Whether a scalar is white space, as Python's `str.isspace` decides.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
}
