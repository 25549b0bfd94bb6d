internal import StraitText

/// `{% static path as name %}`: prints the URL of a static file.
struct StaticNode: TemplateNode {
    private let path: FilterExpression
    private let variable: String?

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        guard words.count >= 2 else {
            throw .syntax("'static' takes the path of a file. Expected {% static 'chat.css' %}.")
        }
        let path = try parser.compileFilter(words[1])
        var variable: String?
        if words[words.count - 2] == "as" {
            guard words.count > 3 else {
                throw .syntax("'static' has no path before 'as'. Expected {% static 'chat.css' as name %}.")
            }
            variable = words[3]
        }
        return StaticNode(path: path, variable: variable)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let path = try path.resolve(context).text
        var url: String
        if let make = context.engine.staticURL {
            do { url = try make(path) } catch { throw .custom(error, "tag", "static") }
        } else {
            url = URLText.join(context.engine.staticPrefix, URLText.quoted(path))
        }
        if context.isAutoescaping { url = HTMLEscape.escaped(url) }
        if let variable {
            context[variable] = context.isAutoescaping ? .safe(SafeString(url)) : .string(url)
        } else {
            output += url
        }
    }
}

/// `{% get_static_prefix as name %}` and `{% get_media_prefix as name %}`: print the beginning of the files' URLs.
struct PrefixNode: TemplateNode {
    private let prefix: @Sendable (TemplateEngine) -> String
    private let variable: String?

    init(_ token: TemplateToken, _ prefix: @escaping @Sendable (TemplateEngine) -> String) throws(TemplateError) {
        let words = token.words
        guard words.count == 1 || (words.count > 2 && words[1] == "as") else {
            throw .syntax("'\(words[0])' takes no argument. Expected {% \(words[0]) as name %}.")
        }
        self.prefix = prefix
        variable = words.at(2)
    }

    func render(_ context: TemplateContext, into output: inout String) {
        let text = URLText.iri(prefix(context.engine))
        if let variable { context[variable] = .string(text) } else { output += text }
    }
}
