/// Swift source of conditions on the columns of one table: `$0.number > 5 && $0.name != nil` for
/// `"number" > 5 AND "name" IS NOT NULL`.
struct ConditionSource {
    /// A column as a model declares it.
    struct Property {
        let name: String
        /// The type without an optional: `Int32`.
        let type: String
        let isOptional: Bool
    }

    /// The properties by the names of their columns.
    let properties: [String: Property]

    /// Returns the condition in Swift, or nil if the columns of a model cannot express it.
    func text(_ condition: String) -> String? {
        var parser = SQLConditionParser(condition)
        guard let node = parser.parse() else { return nil }
        return text(node)
    }

    private func text(_ node: SQLCondition) -> String? {
        switch node {
        case .all(let nodes): return joined(nodes, " && ")
        case .any(let nodes): return joined(nodes, " || ")
        case .not(let inner): return negated(inner)
        case .comparison(let operation, .column(let name), let value):
            guard let property = properties[name], let value = text(value, property) else { return nil }
            return "$0.\(property.name) \(operation) \(value)"
        case .isNull(let name, let isNegated):
            guard let property = properties[name], property.isOptional else { return nil }
            return "$0.\(property.name) \(isNegated ? "!=" : "==") nil"
        case .isIn(let name, let values):
            guard let property = properties[name] else { return nil }
            let list = values.compactMap { text($0, property) }
            guard list.count == values.count else { return nil }
            return "$0.\(property.name).isIn([\(list.joined(separator: ", "))])"
        case .isBetween(let name, let low, let high):
            guard let property = properties[name], let low = text(low, property), let high = text(high, property)
            else { return nil }
            return "$0.\(property.name).isIn(\(low)...\(high))"
        case .truth(let name):
            guard let property = properties[name], property.type == "Bool" else { return nil }
            return "$0.\(property.name) == true"
        case .comparison: return nil
        }
    }

    private func joined(_ nodes: [SQLCondition], _ separator: String) -> String? {
        let texts = nodes.map { node in
            let text = text(node)
            switch node {
            case .all, .any: return text.map { "(\($0))" }
            default: return text
            }
        }
        guard texts.allSatisfy({ $0 != nil }) else { return nil }
        return texts.compactMap(\.self).joined(separator: separator)
    }

    /// A negation, without the part that makes a comparison with an empty column false: models add it themselves.
    private func negated(_ node: SQLCondition) -> String? {
        switch node {
        case .all(let nodes):
            let kept = nodes.filter { part in
                guard case .isNull(let name, true) = part else { return true }
                return !nodes.contains { $0.isComparison(of: name) }
            }
            if kept.count == 1, nodes.count > 1 { return negated(kept[0]) }
            guard kept.count == nodes.count else { return nil }
        case .truth(let name):
            guard let property = properties[name], property.type == "Bool" else { return nil }
            return "$0.\(property.name) == false"
        case .comparison("==", let left, let right): return text(.comparison("!=", left, right))
        default: break
        }
        return text(node).map { "!(\($0))" }
    }

    /// Returns the operand of a comparison with a property.
    private func text(_ value: SQLCondition.Operand, _ property: Property) -> String? {
        switch (value, property.type) {
        case (.column(let name), _):
            guard let other = properties[name], other.type == property.type else { return nil }
            return "$0.\(other.name)"
        case (.number(let text), "Int16"), (.number(let text), "Int32"), (.number(let text), "Int"),
            (.number(let text), "Decimal"), (.string(let text), "Int16"), (.string(let text), "Int32"),
            (.string(let text), "Int"):
            return Int64(text).map { "\($0)" }
        case (.number(let text), "Double"): return Double(text).map { "\($0)" }
        case (.string(let text), "String"): return OperationSource.literal(text)
        default: return nil
        }
    }
}

/// A condition in the definition of a table.
indirect enum SQLCondition {
    enum Operand {
        case column(String)
        case number(String)
        case string(String)
    }

    case all([SQLCondition])
    case any([SQLCondition])
    case not(SQLCondition)
    /// A comparison with an operator of Swift.
    case comparison(String, Operand, Operand)
    case isNull(String, isNegated: Bool)
    case isIn(String, [Operand])
    case isBetween(String, Operand, Operand)
    /// A column with a truth value.
    case truth(String)

    /// Whether the condition compares a column.
    func isComparison(of name: String) -> Bool {
        switch self {
        case .comparison(_, .column(name), _), .comparison(_, _, .column(name)), .isIn(name, _), .isBetween(name, _, _):
            true
        default: false
        }
    }
}

/// The parser of conditions in the forms that Django, migrations and PostgreSQL write.
struct SQLConditionParser {
    private let tokens: [SQLToken]
    private var place = 0

    init(_ text: String) { tokens = SQLTokens(text).tokens }

    /// Returns the condition, or nil if it has another form.
    mutating func parse() -> SQLCondition? {
        guard let node = parseAny(), place == tokens.count else { return nil }
        return node
    }

    private var next: SQLToken? { place < tokens.count ? tokens[place] : nil }

    private mutating func skip(_ symbol: String) -> Bool {
        guard next == .symbol(symbol) else { return false }
        place += 1
        return true
    }

    private mutating func skip(word: String) -> Bool {
        guard next?.isWord(word) == true else { return false }
        place += 1
        return true
    }

    private mutating func parseAny() -> SQLCondition? {
        guard let first = parseAll() else { return nil }
        var nodes = [first]
        while skip(word: "or") {
            guard let node = parseAll() else { return nil }
            nodes.append(node)
        }
        return nodes.count == 1 ? first : .any(nodes)
    }

    private mutating func parseAll() -> SQLCondition? {
        guard let first = parseOne() else { return nil }
        var nodes = [first]
        while skip(word: "and") {
            guard let node = parseOne() else { return nil }
            nodes.append(node)
        }
        return nodes.count == 1 ? first : .all(nodes)
    }

    private mutating func parseOne() -> SQLCondition? {
        if skip(word: "not") { return parseOne().map { .not($0) } }
        // A parenthesis begins a condition or an operand.
        let start = place
        if let node = parseComparison() { return node }
        place = start
        guard skip("("), let node = parseAny(), skip(")") else { return nil }
        return node
    }

    private static let operators = [
        "=": "==", "==": "==", "<>": "!=", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=",
    ]

    private mutating func parseComparison() -> SQLCondition? {
        guard let left = parseOperand() else { return nil }
        if case .symbol(let symbol)? = next, let operation = Self.operators[symbol] {
            place += 1
            if operation == "==", skip(word: "any") {
                guard case .column(let name) = left, let values = parseArray() else { return nil }
                return .isIn(name, values)
            }
            guard let right = parseOperand(), isEnd else { return nil }
            // A `<>` is true only if both sides have a value, unlike `!=` of models.
            if operation == "!=" { return nil }
            return .comparison(operation, left, right)
        }
        guard case .column(let name) = left else { return nil }
        if skip(word: "is") {
            let isNegated = skip(word: "not")
            return skip(word: "null") ? .isNull(name, isNegated: isNegated) : nil
        }
        if skip(word: "in") {
            guard skip("("), let values = parseList(), skip(")") else { return nil }
            return .isIn(name, values)
        }
        if skip(word: "between") {
            guard let low = parseOperand(), skip(word: "and"), let high = parseOperand() else { return nil }
            return .isBetween(name, low, high)
        }
        return isEnd ? .truth(name) : nil
    }

    /// Whether an operand ends here.
    private var isEnd: Bool {
        guard let next else { return true }
        return next == .symbol(")") || next.isWord("and") || next.isWord("or")
    }

    private mutating func parseList() -> [SQLCondition.Operand]? {
        var values: [SQLCondition.Operand] = []
        repeat {
            guard let value = parseOperand() else { return nil }
            values.append(value)
        } while skip(",")
        return values
    }

    /// Reads `((ARRAY['a', 'b'])::text[])`.
    private mutating func parseArray() -> [SQLCondition.Operand]? {
        if skip("(") {
            guard let values = parseArray() else { return nil }
            guard skip(")") else { return nil }
            skipCast()
            return values
        }
        guard skip(word: "array"), skip("["), let values = parseList(), skip("]") else { return nil }
        skipCast()
        return values
    }

    private mutating func parseOperand() -> SQLCondition.Operand? {
        var operand: SQLCondition.Operand?
        if skip("(") {
            operand = parseOperand()
            guard skip(")") else { return nil }
        } else if skip("-") {
            guard case .number(let text)? = next else { return nil }
            place += 1
            operand = .number("-" + text)
        } else if let token = next {
            place += 1
            switch token {
            case .number(let text): operand = .number(text)
            case .string(let text): operand = .string(text)
            case .name(let name): operand = .column(name)
            case .word(let name) where !SQLTokens.keywords.contains(name.lowercased()) && next != .symbol("("):
                operand = .column(name)
            default: return nil
            }
        }
        let cast = skipCast()
        // Other casts of a column change its values.
        if case .column? = operand, let cast, !["text", "character varying"].contains(cast) { return nil }
        return operand
    }

    /// Skips `::character varying(10)[]`. Returns the name of the type.
    @discardableResult
    private mutating func skipCast() -> String? {
        guard skip("::") else { return nil }
        var words: [String] = []
        while case .word(let word)? = next, words.isEmpty || ["varying", "precision"].contains(word) {
            words.append(word)
            place += 1
        }
        if skip("(") {
            while let token = next, token != .symbol(")") { place += 1 }
            place += 1
        }
        if skip("[") { _ = skip("]") }
        return words.joined(separator: " ")
    }
}
