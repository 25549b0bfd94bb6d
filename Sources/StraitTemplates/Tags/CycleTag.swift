/// `{% cycle a b as name silent %}`: prints the next of its values on each rendering.
struct CycleNode: TemplateNode {
    private let values: [FilterExpression]
    private let variable: String?
    private let isSilent: Bool
    private let id = TemplateNodeID()

    private init(values: [FilterExpression], variable: String?, isSilent: Bool) {
        self.values = values
        self.variable = variable
        self.isSilent = isSilent
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents()
        guard words.count >= 2 else {
            throw .syntax("'cycle' requires values. Expected {% cycle 'odd' 'even' %}.")
        }
        if words.count == 2 {
            guard let node = parser.namedCycles[words[1]] else {
                throw .syntax(
                    """
                    The cycle '\(words[1])' does not exist. \
                    Name one with {% cycle … as \(words[1]) %} before this tag.
                    """)
            }
            return node
        }
        var name: String?
        var isSilent = false
        if words.count > 4 {
            if words[words.count - 3] == "as" {
                guard words.last == "silent" else {
                    throw .syntax("Only 'silent' is allowed after the name of a cycle, not '\(words.last ?? "")'.")
                }
                isSilent = true
                words.removeLast()
                name = words.last
            } else if words[words.count - 2] == "as" {
                name = words.last
            }
        }
        var values: [FilterExpression] = []
        for word in name == nil ? words.dropFirst() : words[1..<words.count - 2] {
            values.append(try parser.compileFilter(word))
        }
        let node = CycleNode(values: values, variable: name, isSilent: isSilent)
        if let name { parser.namedCycles[name] = node }
        parser.lastCycle = node
        return node
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        guard !values.isEmpty else { throw .syntax("'cycle' has no values. Expected {% cycle 'odd' 'even' %}.") }
        let place = context.state.frame.advance(id, of: values.count)
        let value = try values[place].resolve(context)
        if let variable { context.setUpward(variable, value) }
        if !isSilent { value.write(to: &output, escaping: context.isAutoescaping, context.engine) }
    }

    func reset(_ context: TemplateContext) { context.state.frame.cycles[id] = nil }
}

/// `{% resetcycle name %}`: restarts the named cycle, or the last one before it.
struct ResetCycleNode: TemplateNode {
    private let cycle: CycleNode

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count <= 2 else { throw .syntax("'resetcycle' takes at most one argument, the name of a cycle.") }
        guard let cycle = words.count == 2 ? parser.namedCycles[words[1]] : parser.lastCycle else {
            throw .syntax(
                words.count == 2
                    ? """
                    The cycle '\(words[1])' does not exist. \
                    Name one with {% cycle … as \(words[1]) %} before this tag.
                    """
                    : "There is no cycle to reset. Put {% cycle %} before this tag.")
        }
        return ResetCycleNode(cycle: cycle)
    }

    func render(_ context: TemplateContext, into output: inout String) { cycle.reset(context) }
}
