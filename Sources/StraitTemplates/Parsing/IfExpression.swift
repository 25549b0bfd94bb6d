/// The compiled condition of `{% if %}`. As in Django, an operator is false if its operands have unsuitable types.
indirect enum IfExpression: Sendable {
    case value(FilterExpression)
    case not(IfExpression)
    case binary(Operator, IfExpression, IfExpression)

    /// The binary operators. A raw value is the operator's spelling.
    enum Operator: String, Sendable {
        case or
        case and
        case `in`
        case notIn = "not in"
        case `is`
        case isNot = "is not"
        case equal = "=="
        case unequal = "!="
        case greater = ">"
        case greaterOrEqual = ">="
        case less = "<"
        case lessOrEqual = "<="

        /// The binding power. Operators with a higher power bind more tightly.
        var power: Int {
            switch self {
            case .or: 6
            case .and: 7
            case .in, .notIn: 9
            default: 10
            }
        }
    }

    /// Returns the condition's value.
    func evaluate(_ context: TemplateContext) throws(TemplateError) -> TemplateValue {
        switch self {
        case .value(let expression): return try expression.resolve(context, ignoringFailures: true)
        case .not(let operand):
            guard let value = operand.attempt(context) else { return .bool(false) }
            return .bool(!value.isTrue)
        case .binary(let sign, let left, let right):
            guard let one = left.attempt(context) else { return .bool(false) }
            if sign == .or, one.isTrue { return one }
            if sign == .and, !one.isTrue { return one }
            guard let two = right.attempt(context) else { return .bool(false) }
            return Self.apply(sign, one, two, isSame: left.text != nil && left.text == right.text)
        }
    }

    private func attempt(_ context: TemplateContext) -> TemplateValue? {
        do { return try evaluate(context) } catch { return nil }
    }

    /// The source text of a variable without filters, otherwise nil.
    private var text: String? {
        if case .value(let expression) = self, expression.isVariable, expression.calls.isEmpty {
            expression.text
        } else {
            nil
        }
    }

    private static func apply(
        _ sign: Operator, _ left: TemplateValue, _ right: TemplateValue, isSame: Bool
    ) -> TemplateValue {
        switch sign {
        case .or, .and: right
        case .in: .bool(right.contains(left) ?? false)
        case .notIn: .bool(right.contains(left).map { !$0 } ?? false)
        case .is: .bool(isSame || left.isIdentical(to: right))
        case .isNot: .bool(!(isSame || left.isIdentical(to: right)))
        case .equal: .bool(left.isEqual(to: right))
        case .unequal: .bool(!left.isEqual(to: right))
        case .less: .bool(left.isLess(than: right) ?? false)
        case .lessOrEqual: .bool(left.isLessOrEqual(to: right) ?? false)
        case .greater: .bool(right.isLess(than: left) ?? false)
        case .greaterOrEqual: .bool(right.isLessOrEqual(to: left) ?? false)
        }
    }
}

/// A parser for the condition of `{% if %}`, based on the operators' binding powers (Django's `smartif`).
struct IfParser {
    private enum Word {
        case value(FilterExpression)
        case not
        case infix(IfExpression.Operator)

        var power: Int {
            switch self {
            case .value: 0
            case .not: 8
            case .infix(let sign): sign.power
            }
        }

        var text: String {
            switch self {
            case .value(let expression): expression.text
            case .not: "not"
            case .infix(let sign): sign.rawValue
            }
        }
    }

    /// The maximum number of words in a condition. It limits the recursion in the evaluation.
    private static let most = 400

    private let words: [Word]
    private var index = 0

    /// Parses `words` as a condition.
    static func parse(_ words: some Collection<String>, _ parser: TemplateParser) throws(TemplateError) -> IfExpression
    {
        guard words.count <= most else {
            throw TemplateError(
                .tooDeep, "A condition has \(words.count) words; at most \(most) are allowed. Split it.")
        }
        var state = IfParser(words: try compiled(Array(words), parser))
        let result = try state.expression(0)
        if state.index < state.words.count {
            throw .syntax(
                "Unused '\(state.words[state.index].text)' at the end of the condition. Expected 'and', 'or' or '%}'.")
        }
        return result
    }

    private init(words: [Word]) { self.words = words }

    private static func compiled(_ texts: [String], _ parser: TemplateParser) throws(TemplateError) -> [Word] {
        var words: [Word] = []
        var index = 0
        while index < texts.count {
            var text = texts[index]
            let next = index + 1 < texts.count ? texts[index + 1] : ""
            if (text == "is" && next == "not") || (text == "not" && next == "in") {
                text += " " + next
                index += 1
            }
            if text == "not" {
                words.append(.not)
            } else if let sign = IfExpression.Operator(rawValue: text) {
                words.append(.infix(sign))
            } else {
                words.append(.value(try parser.compileFilter(text)))
            }
            index += 1
        }
        return words
    }

    private mutating func expression(_ power: Int) throws(TemplateError) -> IfExpression {
        guard index < words.count else {
            throw .syntax("Unexpected end of the condition. Expected a value.")
        }
        let word = words[index]
        index += 1
        var left: IfExpression
        switch word {
        case .value(let expression): left = .value(expression)
        case .not: left = .not(try expression(8))
        case .infix(let sign):
            throw .syntax("Not expecting '\(sign.rawValue)' in this position of a condition. Expected a value.")
        }
        while index < words.count, power < words[index].power {
            let next = words[index]
            index += 1
            guard case .infix(let sign) = next else {
                throw .syntax("Not expecting '\(next.text)' after a value in a condition. Expected 'and' or 'or'.")
            }
            left = .binary(sign, left, try expression(sign.power))
        }
        return left
    }
}
