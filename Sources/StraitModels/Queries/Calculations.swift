public import FoundationEssentials
public import StraitCore
import StraitDatabase

// MARK: Arithmetic

/// The sum of both expressions.
public func + <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) + \(right))") }

/// The sum of an expression and a number.
public func + <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) + \(ExpressionNode.value(value)))")
}

/// The difference of both expressions.
public func - <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) - \(right))") }

/// The difference of an expression and a number.
public func - <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) - \(ExpressionNode.value(value)))")
}

/// The product of both expressions.
public func * <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) * \(right))") }

/// The product of an expression and a number.
public func * <E: Expression>(left: E, value: E.Value.Base) -> Calculation<E.Value> where E.Value.Base: Numeric {
    Calculation("(\(left) * \(ExpressionNode.value(value)))")
}

/// The quotient of both expressions. The quotient of integers is an integer.
public func / <L: Expression, R: Expression>(left: L, right: R) -> Calculation<L.Value>
where L.Value.Base == R.Value.Base, L.Value.Base: Numeric { Calculation("(\(left) / \(right))") }

/// The quotient of an expression and a number. The quotient of integers is an integer.
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

    /// The text followed by another, where an empty column counts as no text; Django's `Concat`.
    public func appending(_ other: some Expression<Value>) -> Calculation<String> {
        Calculation("(COALESCE(\(self), '') || COALESCE(\(other), ''))")
    }

    /// The text followed by `text`; Django's `Concat` with a `Value`.
    public func appending(_ text: String) -> Calculation<String> {
        Calculation("(COALESCE(\(self), '') || \(ExpressionNode.value(text)))")
    }
}

// MARK: Choices between values

extension Expression {
    /// The value, or another one if it is empty; Django's `Coalesce`.
    public func or(_ value: Value.Base) -> Calculation<Value.Base> {
        Calculation("COALESCE(\(self), \(ExpressionNode.value(value)))")
    }

    /// The value, or that of another expression if it is empty; Django's `Coalesce`.
    public func or<Other: Expression>(_ other: Other) -> Calculation<Other.Value> where Other.Value.Base == Value.Base {
        Calculation("COALESCE(\(self), \(other))")
    }
}

extension Calculation {
    /// The first expression if the condition holds, and otherwise the second; Django's `Case` and `When`.
    public static func when<T: Expression, F: Expression>(
        _ condition: Condition, then first: T, else second: F
    ) -> Calculation where T.Value == Value, F.Value == Value {
        Calculation("CASE WHEN \(condition) THEN \(first) ELSE \(second) END")
    }

    /// The first value if the condition holds, and otherwise the second; Django's `Case` and `When`.
    public static func when(_ condition: Condition, then first: Value, else second: Value) -> Calculation {
        Calculation(
            "CASE WHEN \(condition) THEN \(ExpressionNode.value(first)) ELSE \(ExpressionNode.value(second)) END")
    }
}

// MARK: Parts of dates

/// A type of date or time whose year, month and day a query can use.
public protocol DayValue: ModelValue {}
/// A type of time whose hour, minute and second a query can use.
public protocol ClockValue: ModelValue {}
extension Date: DayValue, ClockValue {}
extension PlainDate: DayValue {}
extension PlainTime: ClockValue {}

extension Expression where Value.Base: DayValue {
    /// The year in UTC; Django's `year`.
    public var year: Calculation<Int> { part("%Y", "YEAR") }
    /// The month in UTC, from 1 to 12; Django's `month`.
    public var month: Calculation<Int> { part("%m", "MONTH") }
    /// The day of the month in UTC, from 1 to 31; Django's `day`.
    public var day: Calculation<Int> { part("%d", "DAY") }
    /// The day of the week in UTC, from 1 (Sunday) to 7; Django's `week_day`.
    public var weekday: Calculation<Int> {
        Calculation(
            """
            (\(sqlite: "CAST(STRFTIME('%w', ", postgreSQL: "EXTRACT(DOW FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 1)", postgreSQL: ")::int + 1)")
            """)
    }
    /// The quarter of the year in UTC, from 1 to 4; Django's `quarter`.
    public var quarter: Calculation<Int> {
        Calculation(
            """
            (\(sqlite: "(CAST(STRFTIME('%m', ", postgreSQL: "EXTRACT(QUARTER FROM ")\(self)\
            \(sqlite: ") AS INTEGER) + 2) / 3)", postgreSQL: ")::int)")
            """)
    }
}

extension Expression where Value.Base: ClockValue {
    /// The hour in UTC, from 0 to 23; Django's `hour`.
    public var hour: Calculation<Int> { part("%H", "HOUR") }
    /// The minute, from 0 to 59; Django's `minute`.
    public var minute: Calculation<Int> { part("%M", "MINUTE") }
    /// The second without its fraction, from 0 to 59; Django's `second`.
    public var second: Calculation<Int> { part("%S", "SECOND") }
}

extension Expression where Value.Base == Date {
    /// The date in UTC; Django's `date`.
    public var date: Calculation<PlainDate> {
        Calculation("\(sqlite: "DATE(", postgreSQL: "(")\(self)\(sqlite: ")", postgreSQL: "::timestamptz)::date")")
    }
}

extension Expression {
    /// A number of a date. A session with PostgreSQL is in UTC, and SQLite stores UTC.
    fileprivate func part(_ format: String, _ name: String) -> Calculation<Int> {
        var template: SQLTemplate = "\(sqlite: "CAST(STRFTIME(", postgreSQL: "FLOOR(EXTRACT(")"
        template.parts.append(.engines(sqlite: "'\(format)', ", postgreSQL: "\(name) FROM "))
        template.parts.append(.node(node))
        template.parts.append(.engines(sqlite: ") AS INTEGER)", postgreSQL: "))::int"))
        return Calculation(.calculation(template))
    }
}

// MARK: JSON

/// A type that is stored as JSON.
public protocol JSONStored: ModelValue {}
extension StoredJSON: JSONStored {}

extension Expression where Value.Base: JSONStored {
    /// The value at a path of keys, or nil; Django's `settings__theme__color`. A number in the path is an index.
    ///
    /// - Parameters:
    ///   - path: The keys from the outermost to the innermost.
    ///   - type: The type of the value.
    public func json<Part: ModelValue>(_ path: String..., as type: Part.Type = String.self) -> Calculation<Part?> {
        var template: SQLTemplate = "\(sqlite: "JSON_EXTRACT(", postgreSQL: "(")\(self)"
        let sqlite = path.reduce("$") { text, key in
            let isIndex = !key.isEmpty && key.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return text + (isIndex ? "[\(key)]" : "." + SQL.quoted(key))
        }
        let keys = path.map { key in
            "\"" + key.unicodeScalars.map { $0 == "\"" || $0 == "\\" ? "\\\($0)" : "\($0)" }.joined() + "\""
        }
        template.parts.append(.engines(sqlite: ", ", postgreSQL: " #>> "))
        template.parts.append(
            .node(
                ExpressionNode(
                    .value(JSONPathText(sqlite: sqlite, postgreSQL: "{\(keys.joined(separator: ","))}"), nil))))
        let cast = Part.fieldKind == .text ? "" : "::" + Part.fieldKind.postgresCast
        template.parts.append(.engines(sqlite: ")", postgreSQL: ")\(cast)"))
        return Calculation(.calculation(template))
    }
}

/// A path in JSON, in the syntax of each engine.
private struct JSONPathText: DatabaseConvertible {
    let sqlite: String
    let postgreSQL: String

    func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(engine == .sqlite ? sqlite : postgreSQL) }
}
