/// The variables of a rendering: a stack of scopes, of which the innermost that has a name counts (Django's `Context`).
///
/// It belongs to one rendering on one thread. What a tag sets stays when the rendering is over, so take a new one for
/// each.
public final class TemplateContext {
    /// Whether variables are escaped here.
    public var isAutoescaping: Bool
    /// The engine whose template is rendered.
    public let engine: TemplateEngine
    private var scopes: [ContextScope]
    let state: RenderState

    /// A context of `values`. Templates of the engine `engine` get at it by rendering.
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

    /// A context with `values` alone that is otherwise as this one (Django's `Context.new`).
    public func new(_ values: [String: TemplateValue]) -> TemplateContext {
        TemplateContext(scope: ContextScope(values), isAutoescaping: isAutoescaping, engine: engine, state: state)
    }

    /// The innermost value of `name`, or nil. Setting sets it in the innermost scope.
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

    /// Sets `name` in the innermost scope that has it, else in the innermost of all (Django's `set_upward`).
    public func setUpward(_ name: String, _ value: TemplateValue) {
        let scope = scopes.lastIndex { $0.value(of: name) != nil } ?? scopes.count - 1
        scopes[scope].set(name, value)
    }

    /// Adds an inner scope.
    public func push() { scopes.append(ContextScope()) }

    /// Drops the innermost scope; the outermost stays.
    public func pop() { if scopes.count > 1 { scopes.removeLast() } }

    /// Runs `body` with a scope that has `values`.
    public func with<Result>(
        _ values: [(String, TemplateValue)] = [], _ body: () throws(TemplateError) -> Result
    ) throws(TemplateError) -> Result {
        let depth = scopes.count
        push()
        for (name, value) in values { self[name] = value }
        // A body that failed may have left scopes behind.
        defer { scopes.removeLast(scopes.count - depth) }
        return try body()
    }

    /// All variables, the inner ones in front of the outer ones (Django's `flatten`).
    public var flattened: [String: TemplateValue] {
        scopes.reduce(into: [:]) { result, scope in result.merge(scope.all) { $1 } }
    }

    /// The scopes from the innermost outwards.
    var allScopes: [TemplateDictionary] { scopes.reversed().map { TemplateDictionary($0.all) } }

    /// What the node with this number remembers in this rendering of its template, such as where a cycle is (Django's
    /// `render_context`). Take the number from ``TemplateNodeID`` when the tag is compiled.
    public func state(of node: TemplateNodeID) -> TemplateValue? { state.frame.values[node] }

    /// Has the node remember `value` until its template is rendered.
    public func setState(of node: TemplateNodeID, _ value: TemplateValue?) { state.frame.values[node] = value }

    func enter() throws(TemplateError) {
        state.depth += 1
        guard state.depth <= RenderState.deepest else {
            state.depth -= 1
            throw TemplateError(
                .tooDeep,
                "Templates and tags are nested more than \(RenderState.deepest) deep. Have a template that includes itself stop somewhere."
            )
        }
    }

    func leave() { state.depth -= 1 }
}
