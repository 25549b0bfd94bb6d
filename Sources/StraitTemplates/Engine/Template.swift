/// A parsed template. Any number of threads can render it at the same time.
public struct Template: Sendable {
    /// The name that the template was looked up by, or nil if it was made from a string without a name.
    public let name: String?
    let origin: TemplateOrigin?
    let nodes: TemplateNodes
    let engine: TemplateEngine

    init(_ text: String, name: String?, origin: TemplateOrigin?, engine: TemplateEngine) throws(TemplateError) {
        self.name = name
        self.origin = origin
        self.engine = engine
        let parser = TemplateParser(text, name: name, origin: origin, engine: engine)
        nodes = try parser.parse()
    }

    /// Renders the template with `values` as its variables.
    ///
    /// - Throws: The first error, with its template and line.
    public func render(_ values: [String: TemplateValue] = [:]) throws(TemplateError) -> String {
        try render(TemplateContext(values, engine: engine))
    }

    /// Renders the template with the variables of `context`.
    public func render(_ context: TemplateContext) throws(TemplateError) -> String {
        var output = ""
        output.reserveCapacity(4096)
        try render(context, into: &output)
        return output
    }

    /// Appends the rendered template to `output`. Cycles and blocks start from a fresh state.
    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        context.state.push()
        defer { context.state.pop() }
        try nodes.render(context, into: &output)
    }
}
