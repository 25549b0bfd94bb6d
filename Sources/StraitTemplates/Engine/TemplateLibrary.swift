public import StraitText

/// A collection of custom tags and filters (Django's `Library`).
///
/// Pass it to an engine as one of its `builtins`, or as one of its `libraries` for `{% load name %}`.
///
/// ```swift
/// var library = TemplateLibrary()
/// library.filter("shout") { value, _ in .string(value.text.uppercased() + "!") }
/// library.simpleTag("add", ["first", "second"]) { arguments, _ in
///     .int((arguments["first"]?.wholeNumber ?? 0) + (arguments["second"]?.wholeNumber ?? 0))
/// }
/// ```
public struct TemplateLibrary: Sendable {
    private(set) var tags: [String: TemplateTag] = [:]
    private(set) var filters: [String: TemplateFilter] = [:]

    /// Creates an empty library.
    public init() {}

    /// Adds a filter without an argument.
    ///
    /// - Parameters:
    ///   - isSafe: Whether the filter adds no characters that need escaping. A safe value then stays safe.
    ///   - body: Returns the filtered value. Return `.safe` for HTML.
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
    ///   - argument: Whether the argument is required. If it is omitted, `body` receives nil.
    ///   - isSafe: Whether the filter adds no characters that need escaping. A safe value then stays safe.
    ///   - body: Returns the result for the value and the argument.
    public mutating func filter(
        _ name: String, argument: FilterArgument, isSafe: Bool = false,
        _ body: @escaping @Sendable (TemplateValue, TemplateValue?, FilterEnvironment) throws -> TemplateValue
    ) {
        filters[name] = TemplateFilter(name: name, isSafe: isSafe, argument: argument) {
            (value, argument, environment) throws(TemplateError) in
            do { return try body(value, argument, environment) } catch { throw .custom(error, "filter", name) }
        }
    }

    /// Adds a tag that prints a value, or stores it in a variable: `{% name … as variable %}` (Django's `simple_tag`).
    public mutating func simpleTag(
        _ name: String, _ signature: TagSignature = .any,
        _ body: @escaping @Sendable (TagArguments, TemplateContext) throws -> TemplateValue
    ) {
        tags[name] = TemplateTag { (parser, token) throws(TemplateError) in
            let call = try TagCall(parser, token, signature, allowsVariable: true)
            return SimpleNode(call: call) { arguments, _, context in try body(arguments, context) }
        }
    }

    /// Adds a tag that prints a value made from the content up to its end tag (Django's `simple_block_tag`).
    ///
    /// - Parameters:
    ///   - end: The name of the end tag. If nil, it is `end` followed by `name`.
    ///   - body: Returns the value. Its first argument is the rendered content.
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

    /// Adds a tag that renders `template` with the variables that `body` returns (Django's `inclusion_tag`).
    public mutating func inclusionTag(
        _ name: String, template: String, _ signature: TagSignature = .any,
        _ body: @escaping @Sendable (TagArguments, TemplateContext) throws -> [String: TemplateValue]
    ) {
        tags[name] = TemplateTag { (parser, token) throws(TemplateError) in
            InclusionNode(
                call: try TagCall(parser, token, signature, allowsVariable: false), template: template, body: body)
        }
    }

    /// Adds a tag that parses its own arguments and content (Django's `tag`). The token has the arguments; the parser
    /// returns the content.
    public mutating func tag(
        _ name: String,
        _ compile: @escaping @Sendable (TemplateParser, TemplateToken) throws(TemplateError) -> any TemplateNode
    ) {
        tags[name] = TemplateTag(compile: compile)
    }

    /// Returns only the tags and filters in `names` (`{% load name from library %}`), and the first name that does not
    /// exist.
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

    /// Adds one of Django's filters whose work on its argument is done once if the argument is a constant. `prepare`
    /// returns the filter for the argument.
    mutating func add(
        _ name: String, _ argument: FilterArgument, prepare: @escaping @Sendable (TemplateValue?) -> TemplateFilter.Body
    ) {
        filters[name] = TemplateFilter(name: name, isSafe: false, argument: argument, prepare: prepare)
    }

    /// Adds one of Django's filters that converts its value to a string first (Django's `stringfilter`).
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

/// The input of a string filter.
struct TextInput {
    let text: String
    /// Whether the text is safe HTML.
    let isSafe: Bool
}

extension TemplateError {
    /// Wraps an error from a custom filter or tag. Returns a ``TemplateError`` unchanged.
    static func custom(_ error: any Error, _ kind: String, _ name: String) -> TemplateError {
        if let error = error as? TemplateError { return error }
        return TemplateError(.custom, "The \(kind) '\(name)' failed: \(error)")
    }
}

/// The rendering in which a filter is called.
public struct FilterEnvironment: Sendable {
    /// The engine of the template.
    public let engine: TemplateEngine
    /// Whether auto-escaping is on at the filter's position (Django's `needs_autoescape`).
    public let isAutoescaping: Bool
}

/// A filter: `{{ value|name:argument }}`.
struct TemplateFilter: Sendable {
    typealias Body =
        @Sendable (TemplateValue, TemplateValue?, FilterEnvironment) throws(TemplateError) -> TemplateValue

    let name: String
    /// Whether a safe value stays safe after the filter (Django's `is_safe`).
    let isSafe: Bool
    let argument: FilterArgument
    let apply: Body
    /// Returns the filter for an argument that never changes, or nil if that saves nothing.
    private let prepare: (@Sendable (TemplateValue?) -> Body)?

    init(name: String, isSafe: Bool, argument: FilterArgument, apply: @escaping Body) {
        self.name = name
        self.isSafe = isSafe
        self.argument = argument
        self.apply = apply
        prepare = nil
    }

    init(
        name: String, isSafe: Bool, argument: FilterArgument, prepare: @escaping @Sendable (TemplateValue?) -> Body
    ) {
        self.name = name
        self.isSafe = isSafe
        self.argument = argument
        self.prepare = prepare
        apply = { (value, argument, environment) throws(TemplateError) in
            try prepare(argument)(value, argument, environment)
        }
    }

    /// Returns the filter for an argument that never changes.
    func body(for constant: TemplateValue?) -> Body {
        if let prepare { prepare(constant) } else { apply }
    }

    /// Throws `syntax` if the template passes an argument that the filter does not take, or omits a required one.
    func check(hasArgument: Bool) throws(TemplateError) {
        switch (argument, hasArgument) {
        case (.none, true): throw .syntax("The filter '\(name)' takes no argument. Remove the ':' and the argument.")
        case (.required, false):
            throw .syntax("The filter '\(name)' requires an argument. Expected '\(name):' and a value.")
        default: break
        }
    }
}

/// Whether a filter takes an argument.
public enum FilterArgument: Sendable, Hashable {
    case none, optional, required
}

/// A tag's compiler, which makes a node from the tag's token. For a tag with an end tag, it also parses the content.
struct TemplateTag: Sendable {
    typealias Compile = @Sendable (TemplateParser, TemplateToken) throws(TemplateError) -> any TemplateNode

    let compile: Compile
}
