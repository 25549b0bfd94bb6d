/// A sequence of text, variables and tags in a template (Django's `NodeList`).
public struct TemplateNodes: Sendable {
    /// An element of the sequence. Text and variables, the most frequent ones, are rendered without a protocol call.
    enum Item: Sendable {
        case text(String)
        case variable(PlacedVariable)
        case node(PlacedNode)
    }

    /// A variable and its place. Like a tag, it is a class, so that iteration copies only references.
    final class PlacedVariable: Sendable {
        let expression: FilterExpression
        let place: TemplatePlace

        init(_ expression: FilterExpression, _ place: TemplatePlace) {
            self.expression = expression
            self.place = place
        }
    }

    /// A tag and its place.
    final class PlacedNode: Sendable {
        let node: any TemplateNode
        let place: TemplatePlace

        init(_ node: any TemplateNode, _ place: TemplatePlace) {
            self.node = node
            self.place = place
        }
    }

    private(set) var items: [Item] = []
    /// Whether there is anything but text.
    private(set) var hasTags = false

    /// Creates an empty sequence.
    public init() {}

    /// Whether the sequence is empty.
    public var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: Item) {
        items.append(item)
        if case .text = item { return }
        hasTags = true
    }

    /// Renders the sequence and appends the result to `output`.
    ///
    /// - Throws: The first error, with its place. Throws `tooDeep` if templates include each other endlessly.
    public func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        try context.enter()
        defer { context.leave() }
        for index in items.indices {
            switch items[index] {
            case .text(let text): output += text
            case .variable(let placed):
                do {
                    try placed.expression.write(context, to: &output)
                } catch {
                    throw error.at(placed.place)
                }
            case .node(let placed):
                do {
                    try placed.node.render(context, into: &output)
                } catch {
                    throw error.at(placed.place)
                }
            }
        }
    }

    /// Returns the rendered text.
    public func text(_ context: TemplateContext) throws(TemplateError) -> String {
        var output = ""
        try render(context, into: &output)
        return output
    }

    /// All blocks in the sequence and, recursively, in its tags. If a name occurs twice, the last block counts.
    var blocks: [String: BlockNode] {
        var result: [String: BlockNode] = [:]
        collect(into: &result)
        return result
    }

    private func collect(into blocks: inout [String: BlockNode]) {
        for case .node(let placed) in items {
            if let block = placed.node as? BlockNode { blocks[block.name] = block }
            for child in placed.node.children { child.collect(into: &blocks) }
        }
    }

    /// Whether the sequence or any of its tags contains `{% extends %}`.
    var hasExtends: Bool {
        items.contains {
            guard case .node(let placed) = $0 else { return false }
            return placed.node is ExtendsNode || placed.node.children.contains(where: \.hasExtends)
        }
    }
}

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
