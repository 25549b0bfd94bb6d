import FoundationEssentials
import StraitCore
import StraitDatabase

// MARK: Arithmetic

/// The sum of both expressions.
public func + <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) + \(right))") }

/// The sum of both expressions, or nil if the right one is empty.
public func + <L: Expression, R: Expression>(left: L, right: R) -> Calculation<R.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric, R.Value: OptionalValue {
    Calculation("(\(left) + \(right))")
}

/// The sum of an expression and a number.
public func + <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) + \(ExpressionNode.value(value)))")
}

/// The difference of both expressions.
public func - <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) - \(right))") }

/// The difference of both expressions, or nil if the right one is empty.
public func - <L: Expression, R: Expression>(left: L, right: R) -> Calculation<R.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric, R.Value: OptionalValue {
    Calculation("(\(left) - \(right))")
}

/// The difference of an expression and a number.
public func - <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) - \(ExpressionNode.value(value)))")
}

/// The product of both expressions.
public func * <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) * \(right))") }

/// The product of both expressions, or nil if the right one is empty.
public func * <L: Expression, R: Expression>(left: L, right: R) -> Calculation<R.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric, R.Value: OptionalValue {
    Calculation("(\(left) * \(right))")
}

/// The product of an expression and a number.
public func * <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) * \(ExpressionNode.value(value)))")
}

/// The quotient of both expressions. The quotient of integers is an integer. A division by zero is an error in
/// PostgreSQL. In SQLite it is empty: read it with ``Expression/optional``.
public func / <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) / \(right))") }

/// The quotient of both expressions, or nil if the right one is empty.
public func / <L: Expression, R: Expression>(left: L, right: R) -> Calculation<R.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric, R.Value: OptionalValue {
    Calculation("(\(left) / \(right))")
}

/// The quotient of an expression and a number. The quotient of integers is an integer. A division by zero is an error
/// in PostgreSQL. In SQLite it is empty: read it with ``Expression/optional``.
public func / <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) / \(ExpressionNode.value(value)))")
}

extension Expression where Value.Base: FixedWidthInteger {
    /// The remainder of a division by `divisor`, with the sign of the expression.
    public func remainder(by divisor: Value.Base) -> Calculation<Value> {
        Calculation("(\(self) % \(ExpressionNode.value(divisor)))")
    }
}

extension Expression where Value.Base: Numeric {
    /// The number without its sign; Django's `Abs`.
    public var magnitude: Calculation<Value> { Calculation("ABS(\(self))") }
}

// MARK: Text

extension Expression where Value.Base == String {
    /// The text in lower case; Django's `Lower`. SQLite changes ASCII letters only.
    public var lowercased: Calculation<Value> { Calculation("LOWER(\(self))") }
    /// The text in upper case; Django's `Upper`. SQLite changes ASCII letters only.
    public var uppercased: Calculation<Value> { Calculation("UPPER(\(self))") }
    /// The text without spaces at its ends; Django's `Trim`.
    public var trimmed: Calculation<Value> { Calculation("TRIM(\(self))") }
    /// The number of characters (Unicode scalars); Django's `Length`.
    public var length: Calculation<Int> { Calculation("LENGTH(\(self))") }

    /// The text followed by another; Django's `Concat`. An empty column counts as no text.
    public func appending(_ other: some Expression<Value>) -> Calculation<String> {
        Calculation(handlingNull: "(COALESCE(\(self), '') || COALESCE(\(other), ''))")
    }

    /// The text followed by `text`; Django's `Concat` with a `Value`.
    public func appending(_ text: String) -> Calculation<String> {
        Calculation(handlingNull: "(COALESCE(\(self), '') || \(ExpressionNode.value(text)))")
    }
}

extension Expression where Value.Base == String, Value: OptionalValue {
    /// The number of characters (Unicode scalars), or nil for an empty column; Django's `Length`.
    public var length: Calculation<Int?> { Calculation("LENGTH(\(self))") }
}

// MARK: Choices between values

extension Expression {
    /// The value, or another one if it is empty; Django's `Coalesce`.
    public func or(_ value: Value.Base) -> Calculation<Value.Base> {
        Calculation(handlingNull: "COALESCE(\(self), \(ExpressionNode.value(value)))")
    }

    /// The value, or that of another expression if it is empty; Django's `Coalesce`.
    public func or<Other: Expression>(_ other: Other) -> Calculation<Other.Value> where Other.Value.Base == Value.Base {
        Calculation(handlingNull: "COALESCE(\(self), \(other))")
    }
}

extension Calculation {
    /// The first expression if the condition holds, and otherwise the second; Django's `Case` and `When`.
    public static func when<T: Expression, F: Expression>(
        _ condition: Condition, then first: T, else second: F
    ) -> Calculation where T.Value == Value, F.Value == Value {
        Calculation(handlingNull: "CASE WHEN \(condition) THEN \(first) ELSE \(second) END")
    }

    /// The first value if the condition holds, and otherwise the second; Django's `Case` and `When`.
    public static func when(_ condition: Condition, then first: Value, else second: Value) -> Calculation {
        Calculation(
            handlingNull:
                "CASE WHEN \(condition) THEN \(ExpressionNode.value(first)) ELSE \(ExpressionNode.value(second)) END")
    }
}
