internal import StraitNetwork

/// A text that matches a regular expression as a whole. Django's `RegexField`, whose expression may match anywhere.
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
