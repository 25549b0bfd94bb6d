public import StraitForms

/// A rule for new passwords; an entry of Django's `AUTH_PASSWORD_VALIDATORS`.
public protocol PasswordValidator: Sendable {
    /// Checks a password.
    ///
    /// - Parameters:
    ///   - password: The new password.
    ///   - attributes: The user's attributes, such as the username. The list is empty if there is no user yet.
    /// - Throws: ``/StraitForms/ValidationError`` if the password is not allowed.
    func validate(_ password: String, _ attributes: [PasswordAttribute]) throws(ValidationError)
    /// The rule as a sentence for users, to show beside a form field.
    var helpText: String { get }
}

/// An attribute of a user that a password should not resemble.
public struct PasswordAttribute: Sendable, Hashable {
    /// The human-readable name, such as `email address`.
    public let name: String
    /// The value.
    public let value: String

    /// Creates an attribute.
    public init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

/// The rules of a site for new passwords; Django's `AUTH_PASSWORD_VALIDATORS` and `validate_password`.
public struct PasswordRules: Sendable {
    /// The rules.
    public let validators: [any PasswordValidator]

    /// Creates a list of rules.
    public init(_ validators: [any PasswordValidator]) {
        self.validators = validators
    }

    /// The four rules of Django's project template: not similar to the user's attributes, at least 8 characters, not a
    /// common password, and not only digits.
    public static var standard: PasswordRules {
        PasswordRules([
            UserAttributeSimilarityValidator(), MinimumLengthValidator(), CommonPasswordValidator(),
            NumericPasswordValidator(),
        ])
    }

    /// Returns an error for each rule that a password violates, or none if it is allowed.
    public func errors(in password: String, _ attributes: [PasswordAttribute] = []) -> [ValidationError] {
        var errors: [ValidationError] = []
        for validator in validators {
            do throws(ValidationError) { try validator.validate(password, attributes) } catch { errors.append(error) }
        }
        return errors
    }

    /// The help texts of all rules; Django's `password_validators_help_texts`.
    public var helpTexts: [String] { validators.map(\.helpText) }
}

/// A rule that requires a minimum number of characters; Django's `MinimumLengthValidator`.
public struct MinimumLengthValidator: PasswordValidator {
    /// The minimum number of Unicode scalars.
    public let minimum: Int

    /// Creates a rule. The default is Django's.
    public init(_ minimum: Int = 8) { self.minimum = minimum }

    /// Throws an error with the code `password_too_short`.
    public func validate(_ password: String, _ attributes: [PasswordAttribute]) throws(ValidationError) {
        if password.unicodeScalars.count >= minimum { return }
        throw ValidationError(
            "This password is too short. It must contain at least \(characters).", code: "password_too_short")
    }

    /// Django's sentence.
    public var helpText: String { "Your password must contain at least \(characters)." }

    private var characters: String { "\(minimum) character\(minimum == 1 ? "" : "s")" }
}

/// A rule that rejects passwords of only digits; Django's `NumericPasswordValidator`.
public struct NumericPasswordValidator: PasswordValidator {
    /// Creates a rule.
    public init() {}

    /// Throws an error with the code `password_entirely_numeric`.
    public func validate(_ password: String, _ attributes: [PasswordAttribute]) throws(ValidationError) {
        // Python's `isdigit`, which includes digits such as ² and ٣.
        let isNumeric = password.unicodeScalars.allSatisfy {
            $0.properties.numericType == .decimal || $0.properties.numericType == .digit
        }
        guard isNumeric, !password.isEmpty else { return }
        throw ValidationError("This password is entirely numeric.", code: "password_entirely_numeric")
    }

    /// Django's sentence.
    public var helpText: String { "Your password can’t be entirely numeric." }
}
