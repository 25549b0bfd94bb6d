/// `{% ifchanged a b %}`: renders its contents if one of the values has changed since the previous iteration. Without
/// values, it compares the rendered contents.
struct IfChangedNode: TemplateNode {
    private let values: [FilterExpression]
    private let changed: TemplateNodes
    private let unchanged: TemplateNodes
    private let id = TemplateNodeID()

    var children: [TemplateNodes] { [changed, unchanged] }

    private init(values: [FilterExpression], changed: TemplateNodes, unchanged: TemplateNodes) {
        self.values = values
        self.changed = changed
        self.unchanged = unchanged
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let changed = try parser.parse(until: "else", "endifchanged")
        var unchanged = TemplateNodes()
        if try parser.nextToken().contents == "else" {
            unchanged = try parser.parse(until: "endifchanged")
            try parser.nextToken()
        }
        var values: [FilterExpression] = []
        for word in token.splitContents().dropFirst() { values.append(try parser.compileFilter(word)) }
        return IfChangedNode(values: values, changed: changed, unchanged: unchanged)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        var loop: ForLoop?
        if case .object(let object) = context["forloop"] { loop = object as? ForLoop }
        let last = loop.map { $0.seen(by: id) } ?? context.state(of: id)
        var current: [TemplateValue] = []
        var text = ""
        if values.isEmpty {
            text = try changed.text(context)
            current = [.string(text)]
        } else {
            for value in values { current.append(try value.resolve(context, ignoringFailures: true)) }
        }
        let now = TemplateValue.list(current)
        if let last, last.isEqual(to: now) { return try unchanged.render(context, into: &output) }
        if let loop { loop.setSeen(by: id, now) } else { context.setState(of: id, now) }
        if text.isEmpty { try changed.render(context, into: &output) } else { output += text }
    }
}
