/// The identity of a node: what it remembers during a rendering is kept under it.
public final class TemplateNodeID: Hashable, Sendable {
    /// An identity that no other node has.
    public init() {}

    public static func == (left: TemplateNodeID, right: TemplateNodeID) -> Bool { left === right }

    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}

/// What one rendering remembers, beside its variables (Django's `RenderContext`). It is shared by the contexts of the
/// templates that include each other.
final class RenderState {
    /// How deeply parts of templates may be rendered within each other.
    static let deepest = 300

    /// What belongs to one template and those that it extends.
    struct Frame {
        var values: [TemplateNodeID: TemplateValue] = [:]
        var cycles: [TemplateNodeID: Int] = [:]
        var blocks: BlockStacks?
        /// The templates that were extended so far.
        var extended: [TemplateOrigin] = []

        /// Moves a cycle of `count` values on, and returns the place that it was at.
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

/// The blocks of each name from the outermost template's to the innermost's (Django's `BlockContext`).
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
