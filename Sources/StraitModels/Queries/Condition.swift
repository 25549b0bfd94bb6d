/// A condition on a row; Django's `Q`. Combine conditions with `&&`, `||` and `!`.
public struct Condition: Expression {
    /// A Boolean.
    public typealias Value = Bool
    /// The condition as a tree.
    public let node: ExpressionNode

    init(_ node: ExpressionNode) { self.node = node }

    /// Creates a comparison, which is false for an empty column.
    init(_ template: SQLTemplate) { node = .comparison(template) }

    /// A condition that no row satisfies. A query with it needs no statement.
    static var never: Condition { Condition(ExpressionNode(.never)) }

    /// Creates a condition from a Boolean expression, such as a column or a subquery.
    public init(_ expression: some Expression<Bool>) { node = .comparison("\(expression)") }
}

/// Both conditions hold.
public func && (left: Condition, right: Condition) -> Condition {
    if case .all(let nodes) = left.node.kind { return Condition(ExpressionNode(.all(nodes + [right.node]))) }
    return Condition(ExpressionNode(.all([left.node, right.node])))
}

/// At least one condition holds.
public func || (left: Condition, right: Condition) -> Condition {
    if case .any(let nodes) = left.node.kind { return Condition(ExpressionNode(.any(nodes + [right.node]))) }
    return Condition(ExpressionNode(.any([left.node, right.node])))
}

/// Exactly one condition holds; Django's `^`.
public func ^ (left: Condition, right: Condition) -> Condition { left && !right || !left && right }

/// The condition does not hold. As in Django's `exclude`, a row with an empty column satisfies it.
public prefix func ! (condition: Condition) -> Condition { Condition(ExpressionNode(.not(condition.node))) }

// MARK: Comparisons with values

/// The expression equals `value`. Django's `exact`; with nil, its `isnull=True`.
public func == <E: Expression>(left: E, value: E.Value) -> Condition {
    if value.isNull { return Condition(ExpressionNode(.isNull(left.node))) }
    // As in Django, so that the text of a constraint is the same for all engines.
    if let value = value as? Bool { return value ? Condition("\(left)") : Condition("NOT \(left)") }
    return Condition("\(left) = \(value: value)")
}

/// The expression does not equal `value`. With nil, Django's `isnull=False`; otherwise an empty column satisfies it.
public func != <E: Expression>(left: E, value: E.Value) -> Condition { !(left == value) }

/// The expression is less than `value`. Django's `lt`.
public func < <E: Expression>(left: E, value: E.Value.Base) -> Condition where E.Value.Base: Comparable {
    Condition("\(left) < \(value: value)")
}

/// The expression is at most `value`. Django's `lte`.
public func <= <E: Expression>(left: E, value: E.Value.Base) -> Condition where E.Value.Base: Comparable {
    Condition("\(left) <= \(value: value)")
}

/// The expression is greater than `value`. Django's `gt`.
public func > <E: Expression>(left: E, value: E.Value.Base) -> Condition where E.Value.Base: Comparable {
    Condition("\(left) > \(value: value)")
}

/// The expression is at least `value`. Django's `gte`.
public func >= <E: Expression>(left: E, value: E.Value.Base) -> Condition where E.Value.Base: Comparable {
    Condition("\(left) >= \(value: value)")
}

// MARK: Comparisons with expressions

/// Both expressions are equal, as with Django's `F`.
public func == <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    Condition("\(left) = \(right)")
}

/// The expressions differ. A row with an empty column satisfies it.
public func != <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    !(left == right)
}

/// The left expression is less than the right one.
public func < <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    Condition("\(left) < \(right)")
}

/// The left expression is at most the right one.
public func <= <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    Condition("\(left) <= \(right)")
}

/// The left expression is greater than the right one.
public func > <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    Condition("\(left) > \(right)")
}

/// The left expression is at least the right one.
public func >= <L: Expression, R: Expression>(left: L, right: R) -> Condition where L.Value.Base == R.Value.Base {
    Condition("\(left) >= \(right)")
}

// MARK: Lists and ranges

extension Expression {
    /// The value is one of `values`; none for an empty list. Django's `in`.
    public func isIn(_ values: some Sequence<Value.Base>) -> Condition {
        let list = Array(values)
        return list.isEmpty ? .never : Condition("\(self) IN (\(list: list))")
    }
}

extension Expression where Value.Base: Comparable {
    /// The value is in the range, with both ends. Django's `range`.
    public func isIn(_ range: ClosedRange<Value.Base>) -> Condition {
        Condition("\(self) BETWEEN \(value: range.lowerBound) AND \(value: range.upperBound)")
    }

    /// The value is in the range, without its upper end.
    public func isIn(_ range: Range<Value.Base>) -> Condition {
        self >= range.lowerBound && self < range.upperBound
    }
}
