/// A part of a template: text, variables and tags in their order (Django's `NodeList`).
public struct TemplateNodes: Sendable {
    /// Text and variables are most of a template: they are rendered without a call through a protocol.
    enum Item: Sendable {
        case text(String)
        case variable(PlacedVariable)
        case node(PlacedNode)
    }

    /// A variable where it stands. A class, as is a node's, so that going through a template copies references only.
    final class PlacedVariable: Sendable {
        let expression: FilterExpression
        let place: TemplatePlace

        init(_ expression: FilterExpression, _ place: TemplatePlace) {
            self.expression = expression
            self.place = place
        }
    }

    /// A tag where it stands.
    final class PlacedNode: Sendable {
        let node: any TemplateNode
        let place: TemplatePlace

        init(_ node: any TemplateNode, _ place: TemplatePlace) {
            self.node = node
            self.place = place
        }
    }

    private(set) var items: [Item] = []
    /// Whether there is something else than text.
    private(set) var hasTags = false

    /// A part without anything in it.
    public init() {}

    /// Whether there is nothing in it.
    public var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: Item) {
        items.append(item)
        if case .text = item { return }
        hasTags = true
    }

    /// Appends it to `output`.
    ///
    /// - Throws: The first error, with its place; `tooDeep` where templates include each other without end.
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

    /// What it renders to.
    public func text(_ context: TemplateContext) throws(TemplateError) -> String {
        var output = ""
        try render(context, into: &output)
        return output
    }

    /// All blocks in it and in what is within its tags. Of two with one name the last counts.
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

    /// Whether there is an `{% extends %}` in it or in what is within its tags.
    var hasExtends: Bool {
        items.contains {
            guard case .node(let placed) = $0 else { return false }
            return placed.node is ExtendsNode || placed.node.children.contains(where: \.hasExtends)
        }
    }
}
