import StraitDatabase
/// A condition on a row; Django's `Q`. Combine conditions with `&&`, `||` and `!`.
public struct Condition: Sendable {
    let node: ExpressionNode

    init(_ node: ExpressionNode) { self.node = node }

    fileprivate init(_ left: ExpressionNode, _ operation: String, _ right: ExpressionNode) {
        node = ExpressionNode(.binary(left, operation, right))
    }
}

/// Both conditions hold.
public func && (left: Condition, right: Condition) -> Condition { Condition(left.node, "AND", right.node) }

/// At least one condition holds.
public func || (left: Condition, right: Condition) -> Condition { Condition(left.node, "OR", right.node) }

/// The condition does not hold. As in Django's `exclude`, a row with an empty column satisfies it.
public prefix func ! (condition: Condition) -> Condition { Condition(ExpressionNode(.not(condition.node))) }

// MARK: Comparisons with values

/// The expression equals `value`. Django's `exact`; with nil, its `isnull=True`.
public func == <E: Expression>(left: E, value: E.Value) -> Condition {
    value.isNull
        ? Condition(ExpressionNode(.isNull(left.node))) : Condition(left.node, "=", ExpressionNode(.value(value)))
}

/// The expression does not equal `value`. With nil, Django's `isnull=False`; otherwise an empty column satisfies it.
public func != <E: Expression>(left: E, value: E.Value) -> Condition { !(left == value) }

/// The expression is less than `value`. Django's `lt`.
public func < <E: Expression>(left: E, value: E.Value) -> Condition where E.Value: Comparable {
    Condition(left.node, "<", ExpressionNode(.value(value)))
}

/// The expression is at most `value`. Django's `lte`.
public func <= <E: Expression>(left: E, value: E.Value) -> Condition where E.Value: Comparable {
    Condition(left.node, "<=", ExpressionNode(.value(value)))
}

/// The expression is greater than `value`. Django's `gt`.
public func > <E: Expression>(left: E, value: E.Value) -> Condition where E.Value: Comparable {
    Condition(left.node, ">", ExpressionNode(.value(value)))
}

/// The expression is at least `value`. Django's `gte`.
public func >= <E: Expression>(left: E, value: E.Value) -> Condition where E.Value: Comparable {
    Condition(left.node, ">=", ExpressionNode(.value(value)))
}

// MARK: Comparisons with expressions

/// Both expressions are equal, as with Django's `F`.
public func == <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value == R.Value {
    Condition(left.node, "=", right.node)
}

/// The left expression is less than the right one.
public func < <L: Expression, R: Expression>(left: L, right: R) -> Condition
where L.Value == R.Value, L.Value: Comparable {
    Condition(left.node, "<", right.node)
}

/// The left expression is greater than the right one.
public func > <L: Expression, R: Expression>(left: L, right: R) -> Condition
where L.Value == R.Value, L.Value: Comparable {
    Condition(left.node, ">", right.node)
}

// MARK: Lists, ranges and text

extension Expression {
    /// The value is one of `values`; none for an empty list. Django's `in`, which also ignores nil in the list.
    public func isIn(_ values: [Value]) -> Condition {
        Condition(ExpressionNode(.list(node, values.filter { !$0.isNull })))
    }
}

extension Expression where Value: Comparable {
    /// The value is in the range, with both ends. Django's `range`.
    public func isIn(_ range: ClosedRange<Value>) -> Condition { self >= range.lowerBound && self <= range.upperBound }
}

extension Expression where Value == String {
    /// The text contains `part`. Django's `contains`, which ignores the case of ASCII letters in SQLite.
    public func contains(_ part: String) -> Condition { like("%" + Self.escaped(part) + "%") }

    /// The text begins with `part`. Django's `startswith`.
    public func hasPrefix(_ part: String) -> Condition { like(Self.escaped(part) + "%") }

    /// The text ends with `part`. Django's `endswith`.
    public func hasSuffix(_ part: String) -> Condition { like("%" + Self.escaped(part)) }

    private func like(_ pattern: String) -> Condition { Condition(ExpressionNode(.like(node, pattern: pattern))) }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for scalar in text.unicodeScalars {
            if scalar == "\\" || scalar == "%" || scalar == "_" { escaped.unicodeScalars.append("\\") }
            escaped.unicodeScalars.append(scalar)
        }
        return escaped
    }
}
