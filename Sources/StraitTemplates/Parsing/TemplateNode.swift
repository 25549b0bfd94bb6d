/// A tag, compiled: what it does when its template is rendered (Django's `Node`).
///
/// A node is shared by all threads that render its template. What it remembers during one rendering it keeps in the
/// context: see ``TemplateContext/state(of:)``.
public protocol TemplateNode: Sendable {
    /// Appends what the tag stands for to `output`. An error gets the tag's place when it has none.
    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError)
    /// What it has within it, in which `{% extends %}` looks for blocks. Without an own one: nothing.
    var children: [TemplateNodes] { get }
    /// Whether nothing but text may be in front of it. Only `{% extends %}`.
    var mustBeFirst: Bool { get }
}

extension TemplateNode {
    public var children: [TemplateNodes] { [] }
    public var mustBeFirst: Bool { false }
}

/// A tag that stands for nothing.
struct EmptyNode: TemplateNode {
    func render(_ context: TemplateContext, into output: inout String) {}
}
