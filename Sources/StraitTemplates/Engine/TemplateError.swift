/// An error in a template or in its rendering. The description gives the template, the line and a fix.
public struct TemplateError: Error, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Sendable, Hashable {
        /// The template's text has a syntax error (Django's `TemplateSyntaxError`).
        case syntax
        /// No loader has the template (Django's `TemplateDoesNotExist`).
        case notFound
        /// A variable that is a filter's argument is undefined (Django's `VariableDoesNotExist`).
        case missingVariable
        /// A value has the wrong type or is out of range (Python's `TypeError` and `ValueError`).
        case badValue
        /// `{% url %}` could not make a URL (Django's `NoReverseMatch`).
        case noReverseMatch
        /// Templates or tags are nested too deeply.
        case tooDeep
        /// A loader could not read a file.
        case unreadable
        /// A custom filter or tag threw an error that is not a ``TemplateError``.
        case custom
    }

    /// The kind of error.
    public let code: Code
    /// The name of the template with the error, or nil if no template has the error or the template has no name.
    public internal(set) var template: String?
    /// The line of the tag, starting at 1.
    public internal(set) var line: Int?
    /// The column of the tag's beginning, in Unicode scalars, starting at 1.
    public internal(set) var column: Int?
    /// The problem and its fix, without the template and the line.
    public let message: String

    /// Creates an error for a custom tag or filter to throw. The engine adds the template and the line.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// The message with its place: `chat/room.html, line 3: …`.
    public var description: String {
        guard let line else { return template.map { "\($0): \(message)" } ?? message }
        return "\(template ?? "a template without a name"), line \(line): \(message)"
    }

    /// Returns the error with `place`. An error that already has a place keeps it, because the innermost tag has the
    /// error.
    func at(_ place: TemplatePlace) -> TemplateError {
        guard line == nil else { return self }
        var result = self
        result.template = place.template ?? template
        result.line = place.line
        result.column = place.column
        return result
    }

    static func syntax(_ message: String) -> TemplateError { TemplateError(.syntax, message) }
    static func badValue(_ message: String) -> TemplateError { TemplateError(.badValue, message) }
}

/// The position of a tag in a template.
struct TemplatePlace: Sendable {
    let template: String?
    let line: Int
    let column: Int
}
