internal import Foundation
public import StraitForms

/// A username. Django's `UsernameField`: the text is normalized (NFKC), so that names that look the same are equal.
open class UsernameField: CharField {
    /// The maximum number of Unicode scalars in a username.
    public static let longest = 150

    /// Creates a field. The parameters are those of `CharField`.
    public init(
        label: String? = nil, help: String = "", widget: Widget = .text, validators: [Validator<String>] = [],
        messages: [String: String] = [:]
    ) {
        super.init(
            maxLength: Self.longest, label: label, help: help,
            widget: widget.attributes(["autocapitalize": "none", "autocomplete": "username"]),
            validators: validators, messages: messages)
    }

    /// Reads the text, and normalizes it unless it is too long.
    override open func read(_ input: FieldInput) throws(ValidationError) -> String? {
        guard let text = try super.read(input) else { return nil }
        guard text.unicodeScalars.count <= Self.longest else { return text }
        return text.precomposedStringWithCompatibilityMapping
    }
}

extension Validator<String> {
    /// Letters and digits of any script, and `@`, `.`, `+`, `-` and `_`. Django's `UnicodeUsernameValidator`.
    public static var username: Validator<String> {
        Validator { text throws(ValidationError) in
            let isValid = text.unicodeScalars.allSatisfy { scalar in
                switch scalar.properties.generalCategory {
                case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
                default: scalar.properties.numericType != nil || "@.+-_".unicodeScalars.contains(scalar)
                }
            }
            if isValid { return }
            throw ValidationError(
                "Enter a valid username. This value may contain only letters, numbers, and @/./+/-/_ characters.")
        }
    }
}
