/// `{% include name with a=1 only %}`: renders another template at its position.
struct IncludeNode: TemplateNode {
    private let template: FilterExpression
    private let values: KeywordArguments.Arguments
    private let isAlone: Bool
    private let current: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count >= 2 else {
            throw .syntax(
                "'include' takes the name of the template to be included. Expected {% include \"part.html\" %}.")
        }
        var values: KeywordArguments.Arguments?
        var isAlone = false
        var rest = words.dropFirst(2)
        while let option = rest.popFirst() {
            switch option {
            case "with":
                guard values == nil else { throw .syntax("'include' has 'with' more than once. Combine them.") }
                values = try KeywordArguments.take(from: &rest, parser)
                if values?.isEmpty == true {
                    throw .syntax("'with' in 'include' needs at least one argument. Expected name=value.")
                }
            case "only":
                guard !isAlone else { throw .syntax("'include' has 'only' more than once. Remove one.") }
                isAlone = true
            default: throw .syntax("Unknown argument for 'include': '\(option)'. Expected 'with' or 'only'.")
            }
        }
        let name = try RelativeName.resolve(words[1], from: parser.templateName, allowsSelf: true)
        return IncludeNode(
            template: try parser.compileFilter(name), values: values ?? [], isAlone: isAlone,
            current: parser.templateName)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let template = try included(context)
        var resolved: [(String, TemplateValue)] = []
        for (name, expression) in values { resolved.append((name, try expression.resolve(context))) }
        if isAlone {
            let values = Dictionary(resolved) { $1 }
            return try template.render(context.new(values), into: &output)
        }
        try context.with(resolved) { () throws(TemplateError) in try template.render(context, into: &output) }
    }

    private func included(_ context: TemplateContext) throws(TemplateError) -> Template {
        let value = try template.resolve(context)
        if case .object(let object) = value, let reference = object as? TemplateReference { return reference.template }
        if let name = value.string, !name.isEmpty {
            return try context.engine.template(try RelativeName.resolve(name, from: current, allowsSelf: false))
        }
        guard value.isTrue else {
            throw TemplateError(
                .notFound, "'\(template.text)' in 'include' is empty. Use the name of a template.")
        }
        guard let names = value.elements?.map(\.text) else {
            throw .badValue(
                "'\(template.text)' in 'include' is \(value.representation). Use the name of a template.")
        }
        return try context.engine.template(firstOf: names)
    }
}
