internal import StraitText

/// `{% url name argument name=argument as variable %}`: prints the URL of a route.
struct URLNode: TemplateNode {
    private let name: FilterExpression
    private let arguments: [FilterExpression]
    private let named: KeywordArguments.Arguments
    private let variable: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count >= 2 else { throw .syntax("'url' takes the name of a route. Expected {% url 'name' %}.") }
        let name = try parser.compileFilter(words[1])
        var rest = words.dropFirst(2)
        let variable = TagVariable.take(from: &rest)
        var arguments: [FilterExpression] = []
        var named: KeywordArguments.Arguments = []
        for word in rest {
            let (key, value) = KeywordArguments.divide(word)
            let expression = try parser.compileFilter(value)
            if let key { named.append((key, expression)) } else { arguments.append(expression) }
        }
        return URLNode(name: name, arguments: arguments, named: named, variable: variable)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        var values: [TemplateValue] = []
        for expression in arguments { values.append(try expression.resolve(context)) }
        var namedValues: [(name: String, value: TemplateValue)] = []
        for (key, expression) in named { namedValues.append((key, try expression.resolve(context))) }
        let route = try name.resolve(context).text
        guard values.isEmpty || namedValues.isEmpty else {
            throw .badValue(
                "'url' got named and unnamed arguments for '\(route)'. Name all of them, or none.")
        }
        guard let reverse = context.engine.reverse else {
            throw TemplateError(
                .noReverseMatch, "The engine has no routes, so '\(route)' has no URL. Pass 'reverse:' to the engine.")
        }
        var url = ""
        do {
            url = try reverse(route, values, namedValues, context)
        } catch {
            guard variable != nil else {
                throw TemplateError(.noReverseMatch, "The URL of '\(route)' cannot be made: \(error)")
            }
        }
        if let variable {
            context[variable] = .string(url)
        } else {
            output += context.isAutoescaping ? HTMLEscape.escaped(url) : url
        }
    }
}

/// `{% querystring query name=value %}`: prints the page's query string with some parameters changed.
enum QueryString {
    /// Returns the query string. Without a query as its argument, it starts from `request.GET`.
    @Sendable static func render(_ arguments: TagArguments, _ context: TemplateContext) throws(TemplateError)
        -> TemplateValue
    {
        var value = arguments["query_dict"] ?? TemplateValue.none
        if value.isNone {
            guard let query = context["request"]?.member("GET", index: nil) else {
                throw .badValue(
                    "'querystring' needs a query. Add 'request' with a member 'GET' to the context, or pass a query.")
            }
            value = query
        }
        guard let original = QueryValues(value) else {
            throw .badValue("'querystring' got \(value.representation), which is not a query. Pass a QueryValues.")
        }
        var query = original
        for (name, value) in arguments.named where name != "query_dict" {
            if value.isNone {
                query[all: name] = nil
            } else if value.string == nil, let elements = value.elements {
                query[all: name] = elements.map(\.text)
            } else {
                query[all: name] = [value.text]
            }
        }
        if query.isEmpty, original.isEmpty { return .string("") }
        return .string("?" + query.encoded)
    }
}
