internal import StraitText

/// The compiled arguments of a simple tag in a template.
struct TagCall: Sendable {
    let name: String
    private let positional: [FilterExpression]
    private let named: KeywordArguments.Arguments
    /// The variable after `as`, which the tag sets.
    let variable: String?
    private let signature: TagSignature

    init(
        _ parser: TemplateParser, _ token: TemplateToken, _ signature: TagSignature, allowsVariable: Bool
    ) throws(TemplateError) {
        var words = token.splitContents().dropFirst()
        name = token.name
        self.signature = signature
        if allowsVariable, words.count >= 2, words[words.endIndex - 2] == "as" {
            variable = words.last
            words = words.dropLast(2)
        } else {
            variable = nil
        }
        var positional: [FilterExpression] = []
        var named: KeywordArguments.Arguments = []
        for word in words {
            var one = [word][...]
            if let argument = try KeywordArguments.take(from: &one, parser).first {
                if named.contains(where: { $0.name == argument.name }) {
                    throw .syntax("'\(name)' received the argument '\(argument.name)' twice. Give it once.")
                }
                named.append(argument)
            } else {
                guard named.isEmpty else {
                    throw .syntax("'\(name)' received '\(word)' after a named argument. Move it to the front.")
                }
                positional.append(try parser.compileFilter(word))
            }
        }
        try signature.check(name, positional: positional.count, named: named.map(\.name))
        self.positional = positional
        self.named = named
    }

    /// Returns the values of the arguments in `context`.
    func arguments(_ context: TemplateContext) throws(TemplateError) -> TagArguments {
        var values: [TemplateValue] = []
        for expression in positional { values.append(try expression.resolve(context)) }
        var namedValues: [(name: String, value: TemplateValue)] = []
        for (name, expression) in named { namedValues.append((name, try expression.resolve(context))) }
        return TagArguments(positional: values, named: namedValues, signature: signature)
    }
}

/// The node of a simple tag, with or without an end tag.
struct SimpleNode: TemplateNode {
    let call: TagCall
    var nodes: TemplateNodes?
    let body: @Sendable (TagArguments, SafeString, TemplateContext) throws -> TemplateValue

    var children: [TemplateNodes] { nodes.map { [$0] } ?? [] }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let arguments = try call.arguments(context)
        let content = SafeString(try nodes?.text(context) ?? "")
        let value: TemplateValue
        do { value = try body(arguments, content, context) } catch { throw .custom(error, "tag", call.name) }
        if let variable = call.variable {
            context[variable] = value
        } else {
            output += context.isAutoescaping ? value.escapedText : value.text
        }
    }
}

/// The node of a tag that renders another template.
struct InclusionNode: TemplateNode {
    let call: TagCall
    let template: String
    let body: @Sendable (TagArguments, TemplateContext) throws -> [String: TemplateValue]

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let arguments = try call.arguments(context)
        var values: [String: TemplateValue]
        do { values = try body(arguments, context) } catch { throw .custom(error, "tag", call.name) }
        // Inclusion tags often render forms, which need the CSRF token.
        if let token = context["csrf_token"], !token.isNone { values["csrf_token"] = token }
        try context.engine.template(template).render(context.new(values), into: &output)
    }
}
