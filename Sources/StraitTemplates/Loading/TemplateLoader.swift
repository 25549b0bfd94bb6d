/// Where templates come from.
public protocol TemplateLoader: Sendable {
    /// The places where a template of this name may be, in the order in which they are to be tried. A name that may lead
    /// out of where templates are has none.
    func origins(of name: String) -> [TemplateOrigin]
    /// The text there, or nil where there is none.
    func text(of origin: TemplateOrigin) throws(TemplateError) -> String?
    /// What changes when the text does, or nil where there is none: looked at before each use with `isDebug`.
    func version(of origin: TemplateOrigin) -> String?
}

/// A place where a template may be.
public struct TemplateOrigin: Hashable, Sendable {
    /// How errors call it: a path of a file, say.
    public let name: String
    /// The template's name there.
    public let template: String

    /// A place.
    public init(name: String, template: String) {
        self.name = name
        self.template = template
    }
}
