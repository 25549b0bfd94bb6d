/// A loader for templates that are compiled into the program.
public struct EmbeddedLoader: TemplateLoader {
    private let texts: [String: String]

    /// Creates a loader for `texts`, the templates' texts by name.
    public init(_ texts: [String: String]) { self.texts = texts }

    /// Returns one origin, `embedded:name`, for every name.
    public func origins(of name: String) -> [TemplateOrigin] {
        [TemplateOrigin(name: "embedded:\(name)", template: name)]
    }

    /// Returns the template's text, or nil if the program does not contain it.
    public func text(of origin: TemplateOrigin) -> String? { texts[origin.template] }

    /// Returns an empty version if the program contains the template, because its text never changes.
    public func version(of origin: TemplateOrigin) -> String? { texts[origin.template] == nil ? nil : "" }
}
