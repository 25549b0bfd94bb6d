/// `{% querystring query name=value %}`: the query of the page's URL with some of it changed.
enum QueryString {
    /// The result; `request.GET` where no query is given.
    @Sendable static func render(_ arguments: TagArguments, _ context: TemplateContext) throws(TemplateError)
        -> TemplateValue
    {
        var value = arguments["query_dict"] ?? TemplateValue.none
        if value.isNone {
            guard let query = context["request"]?.member("GET", index: nil) else {
                throw .badValue(
                    "'querystring' needs the query. Put 'request' with a member 'GET' in the context, or give a query.")
            }
            value = query
        }
        guard let original = QueryValues(value) else {
            throw .badValue("'querystring' got \(value.representation), which is no query. Give it a QueryValues.")
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
