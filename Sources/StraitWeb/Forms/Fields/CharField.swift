/// A text; Django's `CharField`. Empty where nothing was sent.
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

    /// - Parameters:
    ///   - minLength: The fewest characters, counted as Unicode scalars.
    ///   - maxLength: The most.
    ///   - strip: Whether white space at both ends goes.
    ///   - required: Whether it has to be filled in.
    ///   - label: What it is called in the page; by default its name.
    ///   - help: A text that helps to fill it in; escaped.
    ///   - initial: What it shows before anything was sent.
    ///   - widget: How it looks.
    ///   - validators: More checks.
    ///   - messages: Other texts for errors by their codes.
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

/// `text` without what Python takes for white space at its ends.
func pythonStripped(_ text: String) -> String {
    guard let first = text.unicodeScalars.firstIndex(where: { !isPythonSpace($0) }),
        let last = text.unicodeScalars.lastIndex(where: { !isPythonSpace($0) })
    else { return "" }
    return String(text.unicodeScalars[first...last])
}

/// Python's `str.isspace` of one scalar.
func isPythonSpace(_ scalar: Unicode.Scalar) -> Bool {
    scalar.properties.isWhitespace || (0x1C...0x1F).contains(scalar.value)
}
