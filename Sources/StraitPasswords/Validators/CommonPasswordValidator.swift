internal import CCommonPasswords
public import StraitForms
internal import StraitText

/// A rule that rejects the most common passwords; Django's `CommonPasswordValidator`, with its list of 20,000.
public struct CommonPasswordValidator: PasswordValidator {
    private let passwords: Set<TextKey>

    /// Creates a rule with the list that Django ships.
    public init() { passwords = Self.standard }

    /// Creates a rule with a custom list. Case is ignored.
    public init(_ passwords: some Sequence<String>) {
        self.passwords = Set(passwords.map { TextKey(PythonText.stripped(PythonText.lowercased($0))) })
    }

    private static let standard: Set<TextKey> = {
        // SAFETY: the list is a constant of this size.
        let bytes = unsafe UnsafeBufferPointer(
            start: strait_common_passwords_start(), count: strait_common_passwords_size())
        let text = unsafe String(decoding: bytes, as: UTF8.self)
        return Set(text.split(separator: "\n").map { TextKey(PythonText.stripped(String($0))) })
    }()

    /// Throws an error with the code `password_too_common`.
    public func validate(_ password: String, _ attributes: [PasswordAttribute]) throws(ValidationError) {
        guard passwords.contains(TextKey(PythonText.stripped(PythonText.lowercased(password)))) else { return }
        throw ValidationError("This password is too common.", code: "password_too_common")
    }

    /// Django's sentence.
    public var helpText: String { "Your password can’t be a commonly used password." }
}
