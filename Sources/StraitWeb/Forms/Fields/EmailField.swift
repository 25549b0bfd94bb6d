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
