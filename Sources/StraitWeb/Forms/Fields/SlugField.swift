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
