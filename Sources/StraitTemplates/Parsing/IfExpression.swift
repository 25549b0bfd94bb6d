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
