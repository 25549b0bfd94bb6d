internal import StraitNetwork

/// A text that a regular expression matches from its beginning to its end; Django's `RegexField`, whose expression may
/// match anywhere. White space stays. The expression sees Unicode scalars, as in Python.
///
/// Matching cannot be interrupted. An expression with nested repetition, such as `(a+)+$`, takes exponential time even
/// for a short text, and holds up its event loop: write `a+$` instead.
open class RegexField: CharField {
    /// - Parameters:
    ///   - regex: The expression, which has to match the whole text.
    ///   - longestMatch: The longest text that is matched, in bytes. A longer one is invalid: an expression may take
    ///     far longer for a text that is twice as long.
    ///   - minLength: This and what follows as for ``CharField``.
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
