internal import Synchronization

/// The variable `forloop`: the state of a loop, and the last values of each `{% ifchanged %}` in it.
final class ForLoop: TemplateObject {
    private let count: Int
    private let parent: TemplateValue
    private let index = Atomic<Int>(0)
    private let seen = Mutex<[TemplateNodeID: TemplateValue]>([:])

    init(count: Int, parent: TemplateValue) {
        self.count = count
        self.parent = parent
    }

    /// Moves to the element at `index`.
    func move(to index: Int) { self.index.store(index, ordering: .relaxed) }

    func seen(by node: TemplateNodeID) -> TemplateValue? { seen.withLock { $0[node] } }
    func setSeen(by node: TemplateNodeID, _ value: TemplateValue) { seen.withLock { $0[node] = value } }

    subscript(member name: String) -> TemplateValue? {
        let index = index.load(ordering: .relaxed)
        switch name {
        case "parentloop": return parent
        case "counter0": return .int(index)
        case "counter": return .int(index + 1)
        case "revcounter": return .int(count - index)
        case "revcounter0": return .int(count - index - 1)
        case "first": return .bool(index == 0)
        case "last": return .bool(index == count - 1)
        default: return nil
        }
    }

    private static let names = ["parentloop", "counter0", "counter", "revcounter", "revcounter0", "first", "last"]

    var templateText: String {
        let entries = Self.names.map { (key: $0, value: self[member: $0] ?? TemplateValue.none) }
        return TemplateValue.dictionary(TemplateDictionary(entries)).representation
    }
    var templateElements: [TemplateValue]? { Self.names.map { .string($0) } }
}
