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
