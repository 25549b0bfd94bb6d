/// Own filters and tags (Django's `Library`). Give it to an engine, as one of its `builtins`, or under the name by which
/// `{% load name %}` loads it.
///
/// ```swift
/// var library = TemplateLibrary()
/// library.filter("shout") { value, _ in .string(value.text.uppercased() + "!") }
/// library.simpleTag("add", parameters: "first", "second") { arguments, _ in
///     .int((arguments["first"]?.wholeNumber ?? 0) + (arguments["second"]?.wholeNumber ?? 0))
/// }
/// ```
public struct TemplateLibrary: Sendable {
    private(set) var tags: [String: TemplateTag] = [:]
    private(set) var filters: [String: TemplateFilter] = [:]

    /// A library without anything in it.
    public init() {}

    /// Adds a filter without an argument.
    ///
    /// - Parameters:
    ///   - isSafe: Whether it brings nothing into HTML that would have to be escaped, so that HTML stays HTML.
    ///   - body: Makes the result. Return `.safe` for HTML.
    public mutating func filter(
        _ name: String, isSafe: Bool = false,
        _ body: @escaping @Sendable (TemplateValue, FilterEnvironment) throws -> TemplateValue
    ) {
        filters[name] = TemplateFilter(name: name, isSafe: isSafe, argument: .none) {
            (value, _, environment) throws(TemplateError) in
            do { return try body(value, environment) } catch { throw .custom(error, "filter", name) }
        }
    }

    /// Adds a filter with an argument.
    ///
    /// - Parameters:
    ///   - argument: Whether it has to be there; where it is not, `body` gets nil.
    ///   - isSafe: Whether it brings nothing into HTML that would have to be escaped, so that HTML stays HTML.
    ///   - body: Makes the result of the value and the argument.
    public mutating func filter(
        _ name: String, argument: FilterArgument, isSafe: Bool = false,
        _ body: @escaping @Sendable (TemplateValue, TemplateValue?, FilterEnvironment) throws -> TemplateValue
    ) {
        filters[name] = TemplateFilter(name: name, isSafe: isSafe, argument: argument) {
            (value, argument, environment) throws(TemplateError) in
            do { return try body(value, argument, environment) } catch { throw .custom(error, "filter", name) }
        }
    }

    /// Adds a tag that prints a value, or puts it in a variable: `{% name … as variable %}` (Django's `simple_tag`).
    public mutating func simpleTag(
        _ name: String, _ signature: TagSignature = .any,
        _ body: @escaping @Sendable (TagArguments, TemplateContext) throws -> TemplateValue
    ) {
        tags[name] = TemplateTag { (parser, token) throws(TemplateError) in
            let call = try TagCall(parser, token, signature, allowsVariable: true)
            return SimpleNode(call: call) { arguments, _, context in try body(arguments, context) }
        }
    }

    /// Adds a tag that prints a value of what stands between it and its end (Django's `simple_block_tag`).
    ///
    /// - Parameters:
    ///   - end: The name of its end, `end` and the name without it.
    ///   - body: Gets what is between, rendered, first.
    public mutating func simpleBlockTag(
        _ name: String, _ signature: TagSignature = .any, end: String? = nil,
        _ body: @escaping @Sendable (SafeString, TagArguments, TemplateContext) throws -> TemplateValue
    ) {
        let end = end ?? "end" + name
        tags[name] = TemplateTag { (parser, token) throws(TemplateError) in
            let nodes = try parser.parse(until: end)
            try parser.nextToken()
            let call = try TagCall(parser, token, signature, allowsVariable: true)
            return SimpleNode(call: call, nodes: nodes) { arguments, content, context in
                try body(content, arguments, context)
            }
        }
    }

    /// Adds a tag that renders another template with the values that `body` gives (Django's `inclusion_tag`).
    public mutating func inclusionTag(
        _ name: String, template: String, _ signature: TagSignature = .any,
        _ body: @escaping @Sendable (TagArguments, TemplateContext) throws -> [String: TemplateValue]
    ) {
        tags[name] = TemplateTag { (parser, token) throws(TemplateError) in
            InclusionNode(
                call: try TagCall(parser, token, signature, allowsVariable: false), template: template, body: body)
        }
    }

    /// Adds a tag that parses what it likes: its words from the token, what is within it from the parser (Django's
    /// `tag`).
    public mutating func tag(
        _ name: String,
        _ compile: @escaping @Sendable (TemplateParser, TemplateToken) throws(TemplateError) -> any TemplateNode
    ) {
        tags[name] = TemplateTag(compile: compile)
    }

    /// The tags and filters of these names alone (`{% load name from library %}`); nil with the first that is not there.
    func subset(_ names: some Sequence<String>) -> (library: TemplateLibrary, missing: String?) {
        var result = TemplateLibrary()
        for name in names {
            guard tags[name] != nil || filters[name] != nil else { return (result, name) }
            result.tags[name] = tags[name]
            result.filters[name] = filters[name]
        }
        return (result, nil)
    }

    /// Adds one of Django's filters.
    mutating func add(
        _ name: String, _ argument: FilterArgument = .none, isSafe: Bool = false, _ body: @escaping TemplateFilter.Body
    ) {
        filters[name] = TemplateFilter(name: name, isSafe: isSafe, argument: argument, apply: body)
    }

    /// Adds one of Django's filters that makes a string of its value first (Django's `stringfilter`): its body gets the
    /// text and whether it was HTML.
    mutating func addText(
        _ name: String, _ argument: FilterArgument = .none, isSafe: Bool = false,
        _ body: @escaping @Sendable (TextInput, TemplateValue, FilterEnvironment) throws(TemplateError) -> TemplateValue
    ) {
        add(name, argument, isSafe: isSafe) { (value, argument, environment) throws(TemplateError) in
            let input = TextInput(text: value.text, isSafe: value.isSafe)
            return try body(input, argument ?? TemplateValue.none, environment)
        }
    }
}

/// What a filter of texts gets.
struct TextInput {
    let text: String
    /// Whether it is HTML.
    let isSafe: Bool
}

extension TemplateError {
    /// What an own filter or tag threw.
    static func custom(_ error: any Error, _ kind: String, _ name: String) -> TemplateError {
        if let error = error as? TemplateError { return error }
        return TemplateError(.custom, "The \(kind) '\(name)' failed: \(error)")
    }
}
