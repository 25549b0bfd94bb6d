public import FoundationEssentials
public import StraitCore

/// A value as a database stores it: SQLite's five storage classes.
///
/// PostgreSQL gets and returns all other types as text, in its own formats.
public enum DatabaseValue: Sendable, Hashable {
    /// SQL's `NULL`.
    case null
    /// An integer.
    case integer(Int64)
    /// A floating-point number.
    case double(Double)
    /// Text.
    case text(String)
    /// A string of bytes.
    case bytes(Bytes)
}

/// The database engines, which differ in the stored form of values and in their SQL.
public enum DatabaseEngine: Sendable, Hashable {
    /// SQLite 3.
    case sqlite
    /// PostgreSQL.
    case postgreSQL
}

/// A type whose values can be parameters of a statement. They are stored in the form that Django stores.
public protocol DatabaseConvertible: Sendable {
    /// Returns the value in the form that `engine` stores.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the engine cannot store it.
    func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue
    /// The type of the values in PostgreSQL, for an empty list of them; nil if it is not known.
    static var postgresType: String? { get }
}

extension DatabaseConvertible {
    /// Nil: the type is not known.
    public static var postgresType: String? { nil }
}

extension DatabaseValue: DatabaseConvertible {
    /// This value itself.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { self }
}

extension Int: DatabaseConvertible {
    /// `bigint`.
    public static var postgresType: String? { "bigint" }

    /// The number as an integer.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .integer(Int64(self)) }
}

extension Int16: DatabaseConvertible {
    /// `smallint`.
    public static var postgresType: String? { "smallint" }

    /// The number as an integer.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .integer(Int64(self)) }
}

extension Int32: DatabaseConvertible {
    /// `integer`.
    public static var postgresType: String? { "integer" }

    /// The number as an integer.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .integer(Int64(self)) }
}

extension Int64: DatabaseConvertible {
    /// `bigint`.
    public static var postgresType: String? { "bigint" }

    /// The number as an integer.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .integer(self) }
}

extension Double: DatabaseConvertible {
    /// `double precision`.
    public static var postgresType: String? { "double precision" }

    /// The number as a floating-point number.
    ///
    /// - Throws: ``DatabaseError/Code/value`` for NaN, which SQLite would store as `NULL`.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        if isNaN { throw .value("The number NaN cannot be stored. Store nil in an optional field.") }
        return .double(self)
    }
}

extension Bool: DatabaseConvertible {
    /// `boolean`.
    public static var postgresType: String? { "boolean" }

    /// 1 or 0 in SQLite, `true` or `false` in PostgreSQL.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue {
        switch engine {
        case .sqlite: .integer(self ? 1 : 0)
        case .postgreSQL: .text(self ? "true" : "false")
        }
    }
}

extension String: DatabaseConvertible {
    /// `text`.
    public static var postgresType: String? { "text" }

    /// The string as text.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .text(self) }
}

extension Bytes: DatabaseConvertible {
    /// `bytea`.
    public static var postgresType: String? { "bytea" }

    /// The bytes.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .bytes(self) }
}

extension UUID: DatabaseConvertible {
    /// `uuid`.
    public static var postgresType: String? { "uuid" }

    /// 32 hexadecimal digits in SQLite, with hyphens in PostgreSQL.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue {
        let text = uuidString.lowercased()
        return .text(engine == .sqlite ? text.filter { $0 != "-" } : text)
    }
}

extension Date: DatabaseConvertible {
    /// `timestamp with time zone`.
    public static var postgresType: String? { "timestamp with time zone" }

    /// The time in UTC, rounded to microseconds: `2026-02-28 14:30:59.000200` in SQLite, followed by `+00:00` in
    /// PostgreSQL.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the time is not in the years 1 to 9999.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        .text(try DatabaseDate.text(of: self) + (engine == .sqlite ? "" : "+00:00"))
    }
}

extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
    /// The type of the wrapped values.
    public static var postgresType: String? { Wrapped.postgresType }

    /// The wrapped value, or `NULL`.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        guard let self else { return .null }
        return try self.databaseValue(for: engine)
    }
}
