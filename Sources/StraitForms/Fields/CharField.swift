internal import StraitCore
internal import StraitText

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
    ///   - help: Text that helps the user fill in the field. It is escaped.
    ///   - initial: The value shown before the form is submitted.
    ///   - widget: The field's control in the page.
    ///   - validators: Additional checks.
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
        let stripped = isStripped ? PythonText.stripped(text) : text
        return stripped.isEmpty ? nil : stripped
    }

    override var ownAttributes: [(name: String, value: String?)] {
        if widget.isHidden { return [] }
        return (maxLength.map { [("maxlength", "\($0)")] } ?? []) + (minLength.map { [("minlength", "\($0)")] } ?? [])
    }
}

/// An email address. Django's `EmailField`.
open class EmailField: CharField {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        minLength: Int? = nil, maxLength: Int? = 320, required: Bool = true, label: String? = nil,
        help: String = "", initial: String? = nil, widget: Widget = .email, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            minLength: minLength, maxLength: maxLength, required: required, label: label, help: help,
            initial: initial, widget: widget, validators: [.email] + validators, messages: messages)
    }
}

/// A name for use in a URL: ASCII letters, digits, `-` and `_`. Django's `SlugField`.
open class SlugField: CharField {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        minLength: Int? = nil, maxLength: Int? = nil, required: Bool = true, label: String? = nil,
        help: String = "", initial: String? = nil, widget: Widget = .text, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            minLength: minLength, maxLength: maxLength, required: required, label: label, help: help,
            initial: initial, widget: widget, validators: [.slug] + validators, messages: messages)
    }
}

/// Text that a regular expression matches as a whole. In Django's `RegexField`, the expression may match anywhere.
/// White space is kept. The expression matches Unicode scalars, as in Python.
///
/// Matching cannot be interrupted. An expression with nested repetition, such as `(a+)+$`, takes exponential time even
/// for a short text, and blocks its event loop. Write `a+$` instead.
open class RegexField: CharField {
    /// Creates a field.
    ///
    /// - Parameters:
    ///   - regex: The expression, which has to match the whole text.
    ///   - longestMatch: The longest text that is matched, in bytes. A longer one is invalid, because matching time may
    ///     grow much faster than the text.
    ///   - minLength: This and the following parameters are those of ``CharField``.
    public init<Output>(
        _ regex: Regex<Output>, longestMatch: Int = 1024, minLength: Int? = nil, maxLength: Int? = nil,
        strip: Bool = false, required: Bool = true, label: String? = nil, help: String = "", initial: String? = nil,
        widget: Widget = .text, validators: [Validator<String>] = [], messages: [String: String] = [:]
    ) {
        let scalars = regex.matchingSemantics(.unicodeScalar)
        let check = Validator<String> { text throws(ValidationError) in
            guard text.utf8.count <= longestMatch, text.isStreamSafe, (try? scalars.wholeMatch(in: text)) != nil else {
                throw ValidationError("Enter a valid value.")
            }
        }
        super.init(
            minLength: minLength, maxLength: maxLength, strip: strip,
            options: Options(isRequired: required, label: label, help: help, widget: widget, messages: messages),
            initial: initial, validators: validators, lastValidator: check)
    }
}

/// A web URL. Django's `URLField`. A URL without a scheme gets `https`, as in Django 6.
open class URLField: CharField {
    /// Creates a field. The parameters are those of ``CharField``.
    public init(
        minLength: Int? = nil, maxLength: Int? = nil, required: Bool = true, label: String? = nil,
        help: String = "", initial: String? = nil, widget: Widget = .url, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            minLength: minLength, maxLength: maxLength, required: required, label: label, help: help,
            initial: initial, widget: widget, validators: [.url] + validators, messages: messages)
    }

    /// Reads the URL, and adds `https://` if it has no scheme.
    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = try super.read(input) else { return nil }
        if let colon = text.utf8.firstIndex(of: 0x3A), let first = text.utf8.first,
            (0x61...0x7A).contains(first | 0x20), !text[..<colon].utf8.contains(0x2F)
        {
            return text
        }
        return text.utf8.starts(with: "//".utf8) ? "https:" + text : "https://" + text
    }
}
