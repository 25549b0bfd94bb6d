/// `{% block name %}`: a part of a template that child templates can override.
struct BlockNode: TemplateNode {
    let name: String
    let nodes: TemplateNodes

    var children: [TemplateNodes] { [nodes] }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.words
        guard words.count == 2 else { throw .syntax("'block' takes one argument. Expected {% block name %}.") }
        let name = words[1]
        guard parser.blockNames.insert(name).inserted else {
            throw .syntax("The block '\(name)' appears more than once. Give one of them another name.")
        }
        let nodes = try parser.parse(until: "endblock")
        let end = try parser.nextToken()
        guard end.contents == "endblock" || end.contents == "endblock \(name)" else {
            throw parser.invalid(end, expected: ["endblock", "endblock \(name)"])
        }
        return BlockNode(name: name, nodes: nodes)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        var rendered = self
        var popped: BlockNode?
        let isExtended = context.state.frame.blocks != nil
        if isExtended {
            popped = context.state.frame.blocks?.pop(name)
            rendered = popped ?? self
        }
        let reference = BlockReference(block: rendered, isExtended: isExtended)
        try context.with([("block", .object(reference))]) { () throws(TemplateError) in
            try rendered.nodes.render(context, into: &output)
        }
        if let popped { context.state.frame.blocks?.push(popped, name) }
    }
}

/// The variable `block`. Its member `super` is the same block of the parent template.
struct BlockReference: TemplateObject {
    let block: BlockNode
    /// Whether the block is rendered for a template with `{% extends %}`.
    let isExtended: Bool

    subscript(member name: String) -> TemplateValue? { name == "name" ? .string(block.name) : nil }
    var templateText: String { "<Block Node: \(block.name)>" }

    /// Returns the value of `{{ block.super }}`.
    func renderSuper(_ context: TemplateContext) throws(TemplateError) -> String {
        guard isExtended else {
            throw .syntax(
                """
                {{ block.super }} is used in a template without {% extends %}. \
                Put {% extends %} at its top, or remove {{ block.super }}.
                """)
        }
        guard context.state.frame.blocks?.has(block.name) == true else { return "" }
        var output = ""
        try context.enter()
        defer { context.leave() }
        try block.render(context, into: &output)
        return output
    }
}
