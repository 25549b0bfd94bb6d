/// The variables of a rendering: a stack of scopes, searched from the innermost outwards (Django's `Context`).
///
/// Use a context for one rendering on one thread. Variables that tags set remain after the rendering, so create a new
/// context each time.
public final class TemplateContext {
    /// Whether auto-escaping is on.
    public var isAutoescaping: Bool
    /// The engine of the template.
    public let engine: TemplateEngine
    private var scopes: [ContextScope]
    let state: RenderState

    /// Creates a context with `values` for templates of `engine`. If `autoescape` is nil, the engine's setting applies.
    public convenience init(_ values: [String: TemplateValue] = [:], autoescape: Bool? = nil, engine: TemplateEngine) {
        self.init(
            scope: ContextScope(values), isAutoescaping: autoescape ?? engine.autoescape, engine: engine,
            state: RenderState())
    }

    private init(scope: ContextScope, isAutoescaping: Bool, engine: TemplateEngine, state: RenderState) {
        self.isAutoescaping = isAutoescaping
        self.engine = engine
        self.state = state
        scopes = [scope]
    }

    /// Returns a context with only `values` that shares this context's settings and state (Django's `Context.new`).
    public func new(_ values: [String: TemplateValue]) -> TemplateContext {
        TemplateContext(scope: ContextScope(values), isAutoescaping: isAutoescaping, engine: engine, state: state)
    }

    /// The innermost value of `name`, or nil. Setting it changes the innermost scope only.
    public subscript(name: String) -> TemplateValue? {
        get {
            var index = scopes.count - 1
            while index >= 0 {
                if let value = scopes[index].value(of: name) { return value }
                index -= 1
            }
            switch name {
            case "True": return .bool(true)
            case "False": return .bool(false)
            case "None": return TemplateValue.none
            default: return nil
            }
        }
        set { scopes[scopes.count - 1].set(name, newValue) }
    }

    /// Sets `name` in the innermost scope that contains it, or else in the innermost scope (Django's `set_upward`).
    public func setUpward(_ name: String, _ value: TemplateValue) {
        let scope = scopes.lastIndex { $0.value(of: name) != nil } ?? scopes.count - 1
        scopes[scope].set(name, value)
    }

    /// Adds a scope inside the current one.
    public func push() { scopes.append(ContextScope()) }

    /// Removes the innermost scope. The outermost scope always remains.
    public func pop() { if scopes.count > 1 { scopes.removeLast() } }

    /// Runs `body` in an additional scope with `values`.
    public func with<Result>(
        _ values: [(String, TemplateValue)] = [], _ body: () throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        let depth = scopes.count
        push()
        for (name, value) in values { self[name] = value }
        // If `body` throws, scopes that it pushed can be left.
        defer { scopes.removeLast(scopes.count - depth) }
        return try body()
    }

    /// All variables as one dictionary. Inner scopes override outer ones (Django's `flatten`).
    public var flattened: [String: TemplateValue] {
        scopes.reduce(into: [:]) { result, scope in result.merge(scope.all) { $1 } }
    }

    /// The scopes, from the innermost to the outermost.
    var allScopes: [TemplateDictionary] { scopes.reversed().map { TemplateDictionary($0.all) } }

    /// The value stored for `node` in this rendering of its template, such as a cycle's position (Django's
    /// `render_context`).
    ///
    /// Create the ``TemplateNodeID`` when the tag is compiled.
    public func state(of node: TemplateNodeID) -> TemplateValue? { state.frame.values[node] }

    /// Stores `value` for `node` until the rendering of its template ends.
    public func setState(of node: TemplateNodeID, _ value: TemplateValue?) { state.frame.values[node] = value }

    func enter() throws(TemplateError) {
        state.depth += 1
        guard state.depth <= RenderState.maximumDepth else {
            state.depth -= 1
            throw TemplateError(
                .tooDeep,
                """
                Templates and tags are nested more than \(RenderState.maximumDepth) levels deep. \
                Look for a template that includes itself endlessly.
                """)
        }
    }

    func leave() { state.depth -= 1 }
}

/// The variables of one scope: two parallel arrays for up to 8 variables, otherwise a dictionary.
struct ContextScope {
    /// The names, apart from the values, so that a search touches no values.
    private var names: [String] = []
    private var values: [TemplateValue] = []
    private var many: [String: TemplateValue]?

    init() {}

    init(_ values: [String: TemplateValue]) { many = values }

    func value(of name: String) -> TemplateValue? {
        if many != nil { return many?[name] }
        var index = 0
        while index < names.count {
            if names[index] == name { return values[index] }
            index += 1
        }
        return nil
    }

    mutating func set(_ name: String, _ value: TemplateValue?) {
        if many != nil {
            many?[name] = value
            return
        }
        let place = names.firstIndex(of: name)
        guard let value else {
            if let place {
                names.remove(at: place)
                values.remove(at: place)
            }
            return
        }
        if let place {
            values[place] = value
        } else if names.count < 8 {
            names.append(name)
            values.append(value)
        } else {
            many = all
            names = []
            values = []
            many?[name] = value
        }
    }

    /// All variables as a dictionary.
    var all: [String: TemplateValue] {
        many ?? Dictionary(zip(names, values)) { $1 }
    }
}
