/// `{% extends name %}`: renders the parent template with this template's blocks.
struct ExtendsNode: TemplateNode {
    private let parent: FilterExpression
    private let blocks: [String: BlockNode]
    private let nodes: TemplateNodes
    private let origin: TemplateOrigin?

    var children: [TemplateNodes] { [nodes] }
    var mustBeFirst: Bool { true }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count == 2 else {
            throw .syntax("'extends' takes one argument. Expected {% extends \"base.html\" %}.")
        }
        let name = try RelativeName.resolve(words[1], from: parser.templateName, allowsSelf: false)
        let parent = try parser.compileFilter(name)
        let nodes = try parser.parse()
        guard !nodes.hasExtends else {
            throw .syntax("'extends' appears more than once in the template. Remove all but the first.")
        }
        return ExtendsNode(parent: parent, blocks: nodes.blocks, nodes: nodes, origin: parser.origin)
    }

    private init(parent: FilterExpression, blocks: [String: BlockNode], nodes: TemplateNodes, origin: TemplateOrigin?) {
        self.parent = parent
        self.blocks = blocks
        self.nodes = nodes
        self.origin = origin
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let template = try parentTemplate(context)
        var stacks = context.state.frame.blocks ?? BlockStacks()
        stacks.add(blocks)
        // If the parent extends another template too, its own `{% extends %}` adds its blocks.
        let first = template.nodes.items.first { if case .text = $0 { false } else { true } }
        if let first {
            var extends = false
            if case .node(let placed) = first { extends = placed.node is ExtendsNode }
            if !extends { stacks.add(template.nodes.blocks) }
        }
        context.state.frame.blocks = stacks
        try template.nodes.render(context, into: &output)
    }

    private func parentTemplate(_ context: TemplateContext) throws(TemplateError) -> Template {
        let value = try parent.resolve(context)
        if case .object(let object) = value, let template = object as? TemplateReference { return template.template }
        guard value.isTrue else {
            throw .syntax(
                """
                Invalid template name in 'extends': \(value.representation) from '\(parent.text)'. \
                Use the name of a template.
                """)
        }
        guard let name = value.string else {
            throw .badValue(
                "'\(parent.text)' in 'extends' is \(value.representation). Use the name of a template.")
        }
        if context.state.frame.extended.isEmpty, let origin { context.state.frame.extended = [origin] }
        let template = try context.engine.find(name, skipping: context.state.frame.extended)
        if let origin = template.origin { context.state.frame.extended.append(origin) }
        return template
    }
}

/// A template as a value, for a variable in `{% include %}` or `{% extends %}`.
struct TemplateReference: TemplateObject {
    let template: Template
    subscript(member name: String) -> TemplateValue? { name == "name" ? template.name.map { .string($0) } : nil }
    var templateText: String { "<Template \(template.name ?? "")>" }
}

extension TemplateValue {
    /// A template, which `{% include %}` and `{% extends %}` accept in place of a name.
    public init(_ template: Template) { self = .object(TemplateReference(template: template)) }
}
