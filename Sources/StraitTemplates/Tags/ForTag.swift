internal import StraitText
internal import Synchronization

/// `{% for a, b in values reversed %}`: a loop, with an optional `{% empty %}`.
struct ForNode: TemplateNode {
    private let names: [String]
    private let sequence: FilterExpression
    private let isReversed: Bool
    private let body: TemplateNodes
    private let empty: TemplateNodes?

    var children: [TemplateNodes] { [body] + (empty.map { [$0] } ?? []) }

    private init(
        names: [String], sequence: FilterExpression, isReversed: Bool, body: TemplateNodes, empty: TemplateNodes?
    ) {
        self.names = names
        self.sequence = sequence
        self.isReversed = isReversed
        self.body = body
        self.empty = empty
    }

    static func compile(_ parser: TemplateParser, _ token: TemplateToken) throws(TemplateError) -> any TemplateNode {
        let words = token.splitContents()
        let usage = "Expected {% for name in values %}."
        guard words.count >= 4 else { throw .syntax("'for' needs at least four words: '\(token.contents)'. \(usage)") }
        let isReversed = words.last == "reversed"
        let place = words.count - (isReversed ? 3 : 2)
        guard words[place] == "in" else { throw .syntax("'for' needs an 'in': '\(token.contents)'. \(usage)") }
        let names = PythonText.split(words[1..<max(1, place)].joined(separator: " "), at: ",").map { name in
            guard let first = name.utf8.firstIndex(where: { $0 != 0x20 }),
                let last = name.utf8.lastIndex(where: { $0 != 0x20 })
            else { return "" }
            return String(name[first..<name.utf8.index(after: last)])
        }
        let isValid = names.allSatisfy { name in
            !name.isEmpty && !name.unicodeScalars.contains { [" ", "\"", "'", "|"].contains($0) }
        }
        guard isValid else { throw .syntax("'for' received an invalid name: '\(token.contents)'. \(usage)") }
        let sequence = try parser.compileFilter(words[place + 1])
        let body = try parser.parse(until: "empty", "endfor")
        var empty: TemplateNodes?
        if try parser.nextToken().contents == "empty" {
            empty = try parser.parse(until: "endfor")
            try parser.nextToken()
        }
        return ForNode(names: names, sequence: sequence, isReversed: isReversed, body: body, empty: empty)
    }

    func render(_ context: TemplateContext, into output: inout String) throws(TemplateError) {
        let parent = context["forloop"] ?? .dictionary([:])
        let value = try sequence.resolve(context, ignoringFailures: true)
        guard let elements = value.isNone ? [] : value.elements else {
            throw .badValue(
                "'\(sequence.text)' in 'for' is \(value.representation), which has no elements. Give it a list.")
        }
        try context.with { () throws(TemplateError) in
            guard !elements.isEmpty else {
                try empty?.render(context, into: &output)
                return
            }
            let loop = ForLoop(count: elements.count, parent: parent)
            context["forloop"] = .object(loop)
            let name = names.count == 1 ? names[0] : nil
            for index in elements.indices {
                loop.move(to: index)
                let element = elements[isReversed ? elements.count - 1 - index : index]
                if let name {
                    context[name] = element
                    try body.render(context, into: &output)
                } else {
                    try context.with(try unpacked(element)) { () throws(TemplateError) in
                        try body.render(context, into: &output)
                    }
                }
            }
        }
    }

    private func unpacked(_ element: TemplateValue) throws(TemplateError) -> [(String, TemplateValue)] {
        let values = element.elements ?? [element]
        guard values.count == names.count, element.count != nil else {
            throw .badValue(
                """
                'for' has \(names.count) names, but an element has \(values.count) values: \
                \(element.representation). Use as many names as values.
                """)
        }
        return Array(zip(names, values))
    }
}

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
