/// What is wrong with a field or a form, for the one who filled it in; Django's `ValidationError`.
public struct ValidationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The text beside the field.
    public let message: String
    /// What kind of fault it is, for programs: `required`, `invalid`, `max_length` …
    public let code: String
    public var description: String { message }

    /// - Parameter code: By default `invalid`.
    public init(_ message: String, code: String = "invalid") {
        self.message = message
        self.code = code
    }
}
