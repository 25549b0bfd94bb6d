/// Templates that are part of the program: names and texts.
public struct EmbeddedLoader: TemplateLoader {
    private let texts: [String: String]

    /// Templates by name.
    public init(_ texts: [String: String]) { self.texts = texts }

    public func origins(of name: String) -> [TemplateOrigin] {
        [TemplateOrigin(name: "embedded:\(name)", template: name)]
    }

    public func text(of origin: TemplateOrigin) -> String? { texts[origin.template] }

    public func version(of origin: TemplateOrigin) -> String? { texts[origin.template] == nil ? nil : "" }
}
