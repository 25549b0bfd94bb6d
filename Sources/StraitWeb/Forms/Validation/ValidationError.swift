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
