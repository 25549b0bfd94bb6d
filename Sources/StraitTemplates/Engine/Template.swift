/// A template, parsed: it may be rendered any number of times, by any thread.
public struct Template: Sendable {
    /// The name under which it was asked for, or nil for one of a text.
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

    /// Renders it with `values` as its variables.
    ///
    /// - Throws: The first error, with template and line.
    public func render(_ values: [String: TemplateValue] = [:]) throws(TemplateError) -> String {
        try render(TemplateContext(values, engine: engine))
    }

    /// Renders it in `context`.
    public func render(_ context: TemplateContext) throws(TemplateError) -> String {
        var output = ""
        output.reserveCapacity(4096)
        try render(context, into: &output)
        return output
    }

    /// Appends it to `output`, with a memory of its own for cycles and blocks.
    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        context.state.push()
        defer { context.state.pop() }
        try nodes.render(context, into: &output)
    }
}
