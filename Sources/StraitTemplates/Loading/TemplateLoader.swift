/// A source of templates.
public protocol TemplateLoader: Sendable {
    /// Returns the places to look for the template `name`, in the order in which the engine tries them. Returns none
    /// for a name that could lead outside the source.
    func origins(of name: String) -> [TemplateOrigin]
    /// Returns the template's text, or nil if there is no template at `origin`.
    func text(of origin: TemplateOrigin) throws(TemplateError) -> String?
    /// Returns a value that changes whenever the text changes, or nil if there is no template at `origin`. With
    /// `isDebug`, the engine checks it before each use of the template.
    func version(of origin: TemplateOrigin) -> String?
}

/// A place in which a loader looks for a template.
public struct TemplateOrigin: Hashable, Sendable {
    /// The name of the place in error texts, such as a file's path.
    public let name: String
    /// The template's name within the loader.
    public let template: String

    /// Creates an origin.
    public init(name: String, template: String) {
        self.name = name
        self.template = template
    }
}
