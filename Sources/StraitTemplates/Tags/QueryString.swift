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
