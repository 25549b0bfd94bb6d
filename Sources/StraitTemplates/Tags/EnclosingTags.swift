internal import StraitText

/// `{% autoescape on %}`: turns auto-escaping on or off for its contents.
struct AutoescapeNode: TemplateNode {
    private let isOn: Bool
    private let nodes: TemplateNodes

    var children: [TemplateNodes] { [nodes] }

    private init(isOn: Bool, nodes: TemplateNodes) {
        self.isOn = isOn
        self.nodes = nodes
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.words
        guard words.count == 2, words[1] == "on" || words[1] == "off" else {
            throw .syntax("'autoescape' requires 'on' or 'off'. Expected {% autoescape off %}.")
        }
        let nodes = try parser.parse(until: "endautoescape")
        try parser.nextToken()
        return AutoescapeNode(isOn: words[1] == "on", nodes: nodes)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let outer = context.isAutoescaping
        context.isAutoescaping = isOn
        defer { context.isAutoescaping = outer }
        try nodes.render(context, into: &output)
    }
}

/// `{% filter a|b %}`: applies filters to its contents.
struct FilterNode: TemplateNode {
    private let expression: FilterExpression
    private let nodes: TemplateNodes

    var children: [TemplateNodes] { [nodes] }

    private init(expression: FilterExpression, nodes: TemplateNodes) {
        self.expression = expression
        self.nodes = nodes
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let text = PythonText.stripped(String(token.contents.unicodeScalars.dropFirst("filter".count)))
        guard !text.isEmpty else { throw .syntax("'filter' requires a filter. Expected {% filter upper %}.") }
        let expression = try parser.compileFilter("var|" + text)
        for call in expression.calls where call.filter.name == "escape" || call.filter.name == "safe" {
            throw .syntax("{% filter \(call.filter.name) %} is not permitted. Use the tag 'autoescape' instead.")
        }
        let nodes = try parser.parse(until: "endfilter")
        try parser.nextToken()
        return FilterNode(expression: expression, nodes: nodes)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let text = try nodes.text(context)
        let value = try context.with([("var", .safe(SafeString(text)))]) { () throws(TemplateError) in
            try expression.resolve(context)
        }
        guard let result = value.string else {
            throw .badValue("'filter' returns \(value.representation), not a string. Add a filter that returns one.")
        }
        output += result
    }
}

/// `{% spaceless %}`: removes white space between HTML tags.
struct SpacelessNode: TemplateNode {
    private let nodes: TemplateNodes

    var children: [TemplateNodes] { [nodes] }

    private init(nodes: TemplateNodes) { self.nodes = nodes }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let nodes = try parser.parse(until: "endspaceless")
        try parser.nextToken()
        return SpacelessNode(nodes: nodes)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let scalars = Array(PythonText.stripped(try nodes.text(context)).unicodeScalars)
        var index = 0
        while index < scalars.count {
            output.unicodeScalars.append(scalars[index])
            index += 1
            guard scalars[index - 1] == ">" else { continue }
            var end = index
            while end < scalars.count, PythonText.isSpace(scalars[end]) { end += 1 }
            if end < scalars.count, scalars[end] == "<" { index = end }
        }
    }
}

/// `{% verbatim %}`: prints its contents unchanged, without interpreting tags.
struct VerbatimNode: TemplateNode {
    let nodes: TemplateNodes

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        try nodes.render(context, into: &output)
    }
}

/// `{% with a=1 b=2 %}` or `{% with 1 as a %}`: sets variables for its contents.
struct WithNode: TemplateNode {
    private let values: KeywordArguments.Arguments
    private let nodes: TemplateNodes

    var children: [TemplateNodes] { [nodes] }

    private init(values: KeywordArguments.Arguments, nodes: TemplateNodes) {
        self.values = values
        self.nodes = nodes
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        var words = token.splitContents().dropFirst()
        let values = try KeywordArguments.take(from: &words, parser, allowsAs: true)
        guard !values.isEmpty else { throw .syntax("'with' requires a variable. Expected {% with name=value %}.") }
        if let word = words.first {
            throw .syntax("'with' received '\(word)', which is not an argument. Expected name=value, without spaces.")
        }
        let nodes = try parser.parse(until: "endwith")
        try parser.nextToken()
        return WithNode(values: values, nodes: nodes)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        var resolved: [(String, TemplateValue)] = []
        for (name, expression) in values { resolved.append((name, try expression.resolve(context))) }
        try context.with(resolved) { () throws(TemplateError) in try nodes.render(context, into: &output) }
    }
}
