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
