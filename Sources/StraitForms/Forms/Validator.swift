internal import StraitText

/// A check of a value of the right type. Django's validators.
///
/// ```swift
/// IntegerField(validators: [Validator { if $0 % 2 != 0 { throw ValidationError("Enter an even number.") } }])
/// ```
public struct Validator<Value> {
    private let body: (Value) throws -> Void

    /// Creates a validator.
    ///
    /// - Parameter body: Throws a ``ValidationError`` if the value is invalid. For any other error, its description is
    ///   shown.
    public init(_ body: @escaping (Value) throws -> Void) {
        self.body = body
    }

    /// Checks a value.
    ///
    /// - Throws: The error that the check throws for `value`.
    public func callAsFunction(_ value: Value) throws(ValidationError) {
        do { try body(value) } catch let error as ValidationError { throw error } catch {
            throw ValidationError("\(error)")
        }
    }
}

extension Validator where Value: Comparable {
    /// Django's `MinValueValidator`.
    ///
    /// - Parameter shown: The limit's text in the message.
    package static func minimum(_ limit: Value, _ shown: String) -> Validator {
        Validator { value throws(ValidationError) in
            guard value < limit else { return }
            throw ValidationError("Ensure this value is greater than or equal to \(shown).", code: "min_value")
        }
    }

    /// Django's `MaxValueValidator`.
    ///
    /// - Parameter shown: The limit's text in the message.
    package static func maximum(_ limit: Value, _ shown: String) -> Validator {
        Validator { value throws(ValidationError) in
            guard value > limit else { return }
            throw ValidationError("Ensure this value is less than or equal to \(shown).", code: "max_value")
        }
    }
}

extension Validator<String> {
    /// Django's `MinLengthValidator`. Characters are counted as Unicode scalars, as in Python.
    static func minimumLength(_ limit: Int) -> Validator {
        Validator { text throws(ValidationError) in
            let count = text.unicodeScalars.count
            guard count < limit else { return }
            throw ValidationError(
                "Ensure this value has at least \(limit) character\(limit == 1 ? "" : "s") (it has \(count)).",
                code: "min_length")
        }
    }

    /// Django's `MaxLengthValidator`.
    static func maximumLength(_ limit: Int) -> Validator {
        Validator { text throws(ValidationError) in
            let count = text.unicodeScalars.count
            guard count > limit else { return }
            throw ValidationError(
                "Ensure this value has at most \(limit) character\(limit == 1 ? "" : "s") (it has \(count)).",
                code: "max_length")
        }
    }

    /// Django's `ProhibitNullCharactersValidator`.
    static var withoutNull: Validator {
        Validator { text throws(ValidationError) in
            guard text.utf8.contains(0) else { return }
            throw ValidationError("Null characters are not allowed.", code: "null_characters_not_allowed")
        }
    }

    /// Django's `validate_slug`.
    static var slug: Validator {
        Validator { text throws(ValidationError) in
            let isSlug = text.utf8.allSatisfy {
                switch $0 {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x5F: true
                default: false
                }
            }
            if isSlug { return }
            throw ValidationError(
                "Enter a valid “slug” consisting of letters, numbers, underscores or hyphens.", code: "invalid")
        }
    }

    /// Django's `validate_email`.
    static var email: Validator {
        Validator { text throws(ValidationError) in
            if !EmailAddress.isValid(text, allowsLocalhost: true) {
                throw ValidationError("Enter a valid email address.")
            }
        }
    }

    /// Django's `URLValidator`.
    package static var url: Validator {
        Validator { text throws(ValidationError) in
            if !WebAddress.isValid(text) { throw ValidationError("Enter a valid URL.") }
        }
    }
}

extension Validator {
    /// This validator for optional values. Nil passes unchecked.
    var orEmpty: Validator<Value?> {
        Validator<Value?> { value throws(ValidationError) in
            if let value { try self(value) }
        }
    }
}

/// An error in a field or a form, worded for the user. Django's `ValidationError`.
public struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text shown beside the field.
    public let message: String
    /// The kind of error, for programs: `required`, `invalid`, `max_length` and others.
    public let code: String
    /// The message.
    public var description: String { message }

    /// Creates an error.
    ///
    /// - Parameters:
    ///   - message: The text shown beside the field.
    ///   - code: The kind of error, for programs.
    public init(_ message: String, code: String = "invalid") {
        self.message = message
        self.code = code
    }
}
