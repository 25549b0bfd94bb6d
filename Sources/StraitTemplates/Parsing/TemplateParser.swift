/// A parser that makes nodes from tokens (Django's `Parser`).
///
/// A custom block tag uses it to compile arguments and to parse its contents up to its end tag.
public final class TemplateParser {
    /// The maximum depth of nested tags.
    public static let maximumDepth = 100

    /// The template's name, or nil if it has none.
    public let templateName: String?
    /// The template's origin, which distinguishes it from another template of the same name.
    let origin: TemplateOrigin?
    let engine: TemplateEngine
    private let tokens: [TemplateToken]
    private var next = 0
    private var tags: [String: TemplateTag]
    private var filters: [String: TemplateFilter]
    /// The tags that are being parsed, for error messages.
    private var open: [TemplateToken] = []
    private var depth = 0

    /// The names of the blocks parsed so far.
    var blockNames: Set<String> = []
    /// The named cycles, and the last cycle.
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

    /// Parses up to a block tag with one of the names in `ends` (Django's `parse`). Without `ends`, it parses to the
    /// end of the template.
    ///
    /// The end tag becomes the next token. Read it with ``nextToken()``.
    public func parse(until ends: String...) throws(TemplateError) -> TemplateNodes { try parse(ends) }

    func parse(_ ends: [String]) throws(TemplateError) -> TemplateNodes {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            let token = open.last
            let error = TemplateError(
                .tooDeep,
                """
                '\(token?.name ?? "")' is nested inside \(Self.maximumDepth) other tags. \
                Move a part to another template, and include it.
                """)
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

    /// Advice for a tag or filter that is in no library.
    private static let unknown =
        """
        Check the spelling, or register a library that defines it: \
        in an app's templateLibraries or an engine's libraries.
        """

    /// Returns the error for a tag that is unknown or misplaced.
    func invalid(_ token: TemplateToken, expected ends: [String]) -> TemplateError {
        var message = "Invalid block tag '\(token.name)'"
        if !ends.isEmpty {
            message += ", expected \(Self.list(ends))"
            if let open = open.last { message += " for '\(open.name)' on line \(open.line)" }
        }
        message += "."
        if !token.name.hasPrefix("end"), tags[token.name] == nil {
            let library = engine.libraries.first { $0.value.tags[token.name] != nil }?.key
            message +=
                library.map { " Put {% load \($0) %} before it." }
                ?? " " + Self.unknown
        }
        return TemplateError.syntax(message).at(place(token))
    }

    /// Returns the next token and moves past it.
    ///
    /// - Throws: `syntax` at the end of the template.
    @discardableResult
    public func nextToken() throws(TemplateError) -> TemplateToken {
        guard next < tokens.count else { throw .syntax("The template ends inside a tag. Add its end tag.") }
        next += 1
        return tokens[next - 1]
    }

    /// Skips all tokens up to and including the block tag `{% end %}`.
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
                        + (library.map { "Put {% load \($0) %} before it." }
                            ?? Self.unknown))
            }
            return filter
        }
    }

    /// Makes the tags and filters of `library` available to the rest of the template.
    func add(_ library: TemplateLibrary) {
        tags.merge(library.tags) { $1 }
        filters.merge(library.filters) { $1 }
    }
}
