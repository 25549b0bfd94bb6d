/// A URL of the web; Django's `URLField`. One without a scheme gets `https`, as in Django 6.
open class URLField: CharField {
    /// - Parameters: As those of ``CharField``.
    public init(
        minLength: Int? = nil, maxLength: Int? = nil, required: Bool = true, label: String? = nil,
        help: String = "", initial: String? = nil, widget: Widget = .url, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            minLength: minLength, maxLength: maxLength, required: required, label: label, help: help,
            initial: initial, widget: widget, validators: [.url] + validators, messages: messages)
    }

    /// With `https://` in front where no scheme is.
    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = try super.read(input) else { return nil }
        if let colon = text.firstIndex(of: ":"), let first = text.first, first.isASCII, first.isLetter,
            !text[..<colon].contains("/")
        {
            return text
        }
        return text.hasPrefix("//") ? "https:" + text : "https://" + text
    }
}
