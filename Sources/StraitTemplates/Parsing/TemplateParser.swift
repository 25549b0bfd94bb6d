/// Makes nodes of tokens (Django's `Parser`). A full block tag gets it, to compile its arguments and to parse up to its
/// end.
public final class TemplateParser {
    /// How deeply tags may be nested.
    public static let deepest = 100

    /// The template's name, or nil where it has none.
    public let templateName: String?
    /// Where the template comes from, to tell it from another of its name.
    let origin: TemplateOrigin?
    let engine: TemplateEngine
    private let tokens: [TemplateToken]
    private var next = 0
    private var tags: [String: TemplateTag]
    private var filters: [String: TemplateFilter]
    /// The tags that are open, for the error that one is.
    private var open: [TemplateToken] = []
    private var depth = 0

    /// The names of the blocks so far.
    var blockNames: Set<String> = []
    /// The cycles that have a name, and the last one.
    var namedCycles: [String: CycleNode] = [:]
    var lastCycle: CycleNode?

    init(_ text: String, name: String?, origin: TemplateOrigin?, engine: TemplateEngine) {
        tokens = Lexer.tokens(text)
        templateName = name
        self.origin = origin
        self.engine = engine
        tags = engine.builtinTags
        filters = engine.builtinFilters
    }

    func place(_ token: TemplateToken) -> TemplatePlace {
        TemplatePlace(template: templateName, line: token.line, column: token.column)
    }

    /// Parses up to the block tag that is called as one of `ends` (Django's `parse`), which is then the next token:
    /// take it with ``nextToken()``. Without `ends`: up to the end of the template.
    public func parse(until ends: String...) throws(TemplateError) -> TemplateNodes { try parse(ends) }

    func parse(_ ends: [String]) throws(TemplateError) -> TemplateNodes {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            let token = open.last
            let error = TemplateError(
                .tooDeep,
                "'\(token?.name ?? "")' is within \(Self.deepest) other tags. Move a part into a template of its own, and include it."
            )
            throw token.map { error.at(place($0)) } ?? error
        }
        var nodes = TemplateNodes()
        while next < tokens.count {
            let token = tokens[next]
            next += 1
            switch token.kind {
            case .text: nodes.append(.text(token.contents))
            case .comment: break
            case .variable:
                guard !token.contents.isEmpty else {
                    throw TemplateError.syntax("Empty variable tag. Expected a variable between '{{' and '}}'.").at(
                        place(token))
                }
                do {
                    nodes.append(.variable(.init(try compileFilter(token.contents), place(token))))
                } catch {
                    throw error.at(place(token))
                }
            case .block:
                if ends.contains(token.name) {
                    next -= 1
                    return nodes
                }
                let node = try node(token, ends)
                if node.mustBeFirst, nodes.hasTags {
                    throw TemplateError.syntax(
                        "{% \(token.contents) %} must be the first tag in its template. Move it to the top."
                    ).at(place(token))
                }
                nodes.append(.node(.init(node, place(token))))
            }
        }
        if !ends.isEmpty { throw unclosed(ends) }
        return nodes
    }

    private func node(_ token: TemplateToken, _ ends: [String]) throws(TemplateError) -> any TemplateNode {
        guard !token.name.isEmpty else {
            throw TemplateError.syntax("Empty block tag. Expected a tag between '{%' and '%}'.").at(place(token))
        }
        guard let tag = tags[token.name] else { throw invalid(token, expected: ends) }
        open.append(token)
        do {
            let node = try tag.compile(self, token)
            open.removeLast()
            return node
        } catch {
            throw error.at(place(token))
        }
    }

    private func unclosed(_ ends: [String]) -> TemplateError {
        guard let token = open.last else { return .syntax("Expected \(Self.list(ends)).") }
        return TemplateError.syntax(
            "'\(token.name)' is not closed. Expected \(Self.list(ends)) before the end of the template."
        ).at(place(token))
    }

    private static func list(_ names: [String]) -> String {
        names.map { "{% \($0) %}" }.joined(separator: " or ")
    }

    /// The advice for a tag or a filter that no library has.
    private static let unknown =
        "Check how it is written, or declare a library that has it: templateLibraries of an app, libraries of an engine."

    /// The error that `token` is a tag which is not known, or not here.
    func invalid(_ token: TemplateToken, expected ends: [String]) -> TemplateError {
        var message = "Invalid block tag '\(token.name)'"
        if !ends.isEmpty {
            message += ", expected \(Self.list(ends))"
            if let open = open.last { message += " for '\(open.name)' of line \(open.line)" }
        }
        message += "."
        if !token.name.hasPrefix("end"), tags[token.name] == nil {
            let library = engine.libraries.first { $0.value.tags[token.name] != nil }?.key
            message +=
                library.map { " Put {% load \($0) %} in front of it." }
                ?? " " + Self.unknown
        }
        return TemplateError.syntax(message).at(place(token))
    }

    /// Takes the next token.
    ///
    /// - Throws: `syntax` at the end of the template.
    @discardableResult
    public func nextToken() throws(TemplateError) -> TemplateToken {
        guard next < tokens.count else { throw .syntax("The template ends within a tag.") }
        next += 1
        return tokens[next - 1]
    }

    /// Skips all up to the block tag `{% end %}`, and that.
    public func skip(past end: String) throws(TemplateError) {
        while next < tokens.count {
            let token = tokens[next]
            next += 1
            if token.kind == .block, token.contents == end { return }
        }
        throw unclosed([end])
    }

    /// Compiles a value with its filters (Django's `compile_filter`).
    public func compileFilter(_ text: String) throws(TemplateError) -> FilterExpression {
        try FilterExpressionParser.parse(text) { name throws(TemplateError) in
            guard let filter = filters[name] else {
                let library = engine.libraries.first { $0.value.filters[name] != nil }?.key
                throw .syntax(
                    "Invalid filter '\(name)'. "
                        + (library.map { "Put {% load \($0) %} in front of it." }
                            ?? Self.unknown))
            }
            return filter
        }
    }

    /// Makes the tags and filters of `library` known from here on.
    func add(_ library: TemplateLibrary) {
        tags.merge(library.tags) { $1 }
        filters.merge(library.filters) { $1 }
    }
}
