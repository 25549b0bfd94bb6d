/// The identity of a node. The node's state during a rendering is stored under it.
public final class TemplateNodeID: Hashable, Sendable {
    /// Creates an identity that no other node has.
    public init() {}

    /// Whether both are the same object.
    public static func == (left: TemplateNodeID, right: TemplateNodeID) -> Bool { left === right }

    /// Hashes the object's identity.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// The state of one rendering apart from its variables (Django's `RenderContext`). Included templates share it.
final class RenderState {
    /// The maximum depth of nested templates and tags.
    static let maximumDepth = 300

    /// The state of one template and the templates that it extends.
    struct Frame {
        var values: [TemplateNodeID: TemplateValue] = [:]
        var cycles: [TemplateNodeID: Int] = [:]
        var blocks: BlockStacks?
        /// The origins of the templates in the chain of `{% extends %}`.
        var extended: [TemplateOrigin] = []

        /// Advances a cycle of `count` values and returns its previous position.
        mutating func advance(_ cycle: TemplateNodeID, of count: Int) -> Int {
            let place = cycles[cycle, default: 0]
            cycles[cycle] = (place + 1) % count
            return place
        }
    }

    private var frames: [Frame] = [Frame()]
    var depth = 0

    var frame: Frame {
        _read { yield frames[frames.count - 1] }
        _modify { yield &frames[frames.count - 1] }
    }

    func push() { frames.append(Frame()) }
    func pop() { frames.removeLast() }
}

/// For each name, the stack of blocks from the base template to the last child template (Django's `BlockContext`).
struct BlockStacks {
    private var blocks: [String: [BlockNode]] = [:]

    mutating func add(_ others: [String: BlockNode]) {
        for (name, block) in others { blocks[name, default: []].insert(block, at: 0) }
    }

    mutating func pop(_ name: String) -> BlockNode? {
        blocks[name]?.isEmpty == false ? blocks[name]?.removeLast() : nil
    }

    mutating func push(_ block: BlockNode, _ name: String) { blocks[name, default: []].append(block) }

    func has(_ name: String) -> Bool { blocks[name]?.isEmpty == false }
}
