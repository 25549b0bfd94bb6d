/// A text that a regular expression matches from its beginning to its end; Django's `RegexField`, whose expression may
/// match anywhere. White space stays.
open class RegexField: CharField {
    /// - Parameters:
    ///   - regex: What the whole text has to match.
    ///   - minLength: This and what follows as for ``CharField``.
    public init<Output>(
        _ regex: Regex<Output>, minLength: Int? = nil, maxLength: Int? = nil, strip: Bool = false,
        required: Bool = true, label: String? = nil, help: String = "", initial: String? = nil, widget: Widget = .text,
        validators: [Validator<String>] = [], messages: [String: String] = [:]
    ) {
        let check = Validator<String> { text throws(ValidationError) in
            if (try? regex.wholeMatch(in: text)) == nil { throw ValidationError("Enter a valid value.") }
        }
        super.init(
            minLength: minLength, maxLength: maxLength, strip: strip, required: required, label: label, help: help,
            initial: initial, widget: widget, validators: validators + [check], messages: messages)
    }
}
