/// What is wrong with a template, or went wrong while it was rendered: which file, which line, and what to do.
public struct TemplateError: Error, Sendable, CustomStringConvertible {
    /// The kind of error, for tests and for code that reacts to one.
    public enum Code: Sendable, Hashable {
        /// The template's text is wrong (Django's `TemplateSyntaxError`).
        case syntax
        /// No loader has the template (Django's `TemplateDoesNotExist`).
        case notFound
        /// A variable that has to be there is not (Django's `VariableDoesNotExist`): an argument of a filter.
        case missingVariable
        /// A value does not do for what is done with it (Python's TypeError and ValueError).
        case badValue
        /// The URL of `{% url %}` cannot be made (Django's `NoReverseMatch`).
        case noReverseMatch
        /// Templates include or extend each other too deeply, or tags are nested too deeply.
        case tooDeep
        /// A loader could not read a file.
        case unreadable
        /// An own filter or tag threw.
        case custom
    }

    /// What kind of error it is.
    public let code: Code
    /// The template, as it was asked for, or nil where none is at fault, or the text has no name.
    public internal(set) var template: String?
    /// The line, from 1.
    public internal(set) var line: Int?
    /// The column where the tag begins, in scalars from 1.
    public internal(set) var column: Int?
    /// What is wrong and what to do, without the place.
    public let message: String

    /// An error of an own tag or filter. Where it happened is added when it leaves the tag.
    public init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    /// `chat/room.html, line 3: …`.
    public var description: String {
        guard let line else { return template.map { "\($0): \(message)" } ?? message }
        return "\(template ?? "a template without a name"), line \(line): \(message)"
    }

    /// With the place, unless it has one: the innermost tag is the one at fault.
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

/// Where a tag stands.
struct TemplatePlace: Sendable {
    let template: String?
    let line: Int
    let column: Int
}
