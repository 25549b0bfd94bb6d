/// A compiled tag (Django's `Node`).
///
/// All threads that render the template share its nodes. A node stores the state of one rendering in the context: see
/// ``TemplateContext/state(of:)``.
public protocol TemplateNode: Sendable {
    /// Appends the tag's output to `output`. An error without a place gets the place of the tag.
    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError)
    /// The tag's contents, in which `{% extends %}` looks for blocks. The default is none.
    var children: [TemplateNodes] { get }
    /// Whether only text can precede the tag. This is true only for `{% extends %}`.
    var mustBeFirst: Bool { get }
}

extension TemplateNode {
    /// No contents.
    public var children: [TemplateNodes] { [] }
    /// False: any tag can precede this one.
    public var mustBeFirst: Bool { false }
}

/// A tag without output.
struct EmptyNode: TemplateNode {
    func render(_ context: TemplateContext, into output: inout String) {}
}
