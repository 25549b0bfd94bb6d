/// A statement or a part of one, with its parameters.
///
/// Interpolation binds a value as a parameter. It never becomes part of the text, so no value can change the statement:
///
/// ```swift
/// let old: SQL = "DELETE FROM photos_photo WHERE caption = \(caption) AND created_at < \(limit)"
/// ```
///
/// `\(list: values)` inserts parameters with commas between them, and `\(identifier: name)` inserts a quoted name.
/// Another `SQL` is inserted with its parameters.
public struct SQL: Sendable, ExpressibleByStringInterpolation {
    /// A parameter.
    private struct Parameter: Sendable {
        /// The number of bytes of the text before it.
        var offset: Int
        let value: any DatabaseConvertible
        /// The list in place of the parameter, if it has no values.
        var emptyList: EmptyList?
    }

    /// The text without parameters.
    package private(set) var text: String
    private var parameters: [Parameter] = []

    /// Creates a statement without parameters.
    public init(stringLiteral text: String) { self.text = text }

    /// Creates a statement whose interpolated values are parameters.
    public init(stringInterpolation: StringInterpolation) { self = stringInterpolation.sql }

    /// Creates a statement from text that the program itself has created.
    package init(trusted text: String) { self.text = text }

    /// Adds text that the program itself has created.
    package mutating func append(_ text: String) { self.text += text }

    /// Adds a parameter.
    package mutating func append(value: any DatabaseConvertible) {
        parameters.append(Parameter(offset: text.utf8.count, value: value))
    }

    private mutating func append(_ list: EmptyList) {
        parameters.append(Parameter(offset: text.utf8.count, value: DatabaseValue.null, emptyList: list))
    }

    /// Adds a part of a statement with its parameters.
    package mutating func append(_ sql: SQL) {
        for parameter in sql.parameters {
            var moved = parameter
            moved.offset += text.utf8.count
            parameters.append(moved)
        }
        text += sql.text
    }

    /// Makes room for parameters.
    package mutating func reserveParameters(_ count: Int) { parameters.reserveCapacity(parameters.count + count) }

    /// The parts of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        fileprivate var sql = SQL(trusted: "")

        /// Creates an empty list of parts.
        public init(literalCapacity: Int, interpolationCount: Int) {
            sql.text.reserveCapacity(literalCapacity)
            sql.parameters.reserveCapacity(interpolationCount)
        }

        /// Adds text of the statement.
        public mutating func appendLiteral(_ literal: String) { sql.append(literal) }

        /// Adds a parameter.
        public mutating func appendInterpolation(_ value: some DatabaseConvertible) { sql.append(value: value) }

        /// Adds a parameter, `NULL` for nil.
        public mutating func appendInterpolation<Value: DatabaseConvertible>(_ value: Value?) {
            sql.append(value: value)
        }

        /// Adds a part of a statement with its parameters.
        public mutating func appendInterpolation(_ part: SQL) { sql.append(part) }

        /// Adds parameters with commas between them, for `IN (…)`. An empty list becomes a query without rows, so that
        /// `IN` matches nothing and `NOT IN` everything.
        ///
        /// PostgreSQL compares an empty list with a column by the type of the values,
        /// ``DatabaseConvertible/postgresType``. It takes values without one, such as ``DatabaseValue``, for texts: if
        /// the column has another type, the statement fails with ``DatabaseError/Code/value``.
        public mutating func appendInterpolation<Value: DatabaseConvertible>(list values: [Value]) {
            if values.isEmpty {
                sql.append(EmptyList(values: "\(Value.self)", type: Value.postgresType))
            } else {
                sql.append(SQL.list(values))
            }
        }

        /// Adds the name of a table, column or other object in quotes.
        public mutating func appendInterpolation(identifier name: String) { sql.append(SQL.quoted(name)) }
    }

    /// Returns parameters with commas between them, of which there is at least one.
    package static func list(_ values: [any DatabaseConvertible]) -> SQL {
        var list = SQL(trusted: "")
        list.reserveParameters(values.count)
        for (index, value) in values.enumerated() {
            if index > 0 { list.append(", ") }
            list.append(value: value)
        }
        return list
    }

    /// Returns `name` in quotes. A quote in it is doubled, as in SQL's standard.
    package static func quoted(_ name: String) -> String {
        // By bytes and scalars: a combining mark after a quote must not hide the quote.
        if !name.utf8.contains(UInt8(ascii: "\"")) { return "\"" + name + "\"" }
        var quoted = "\""
        for scalar in name.unicodeScalars {
            if scalar == "\"" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "\""
    }

    /// Returns `text` as a constant in quotes. A quote in it is doubled, as in SQL's standard.
    package static func literal(_ text: String) -> String {
        var quoted = "'"
        for scalar in text.unicodeScalars {
            if scalar == "'" { quoted.unicodeScalars.append(scalar) }
            quoted.unicodeScalars.append(scalar)
        }
        return quoted + "'"
    }

    /// Returns the text with a placeholder for each parameter, and the parameters.
    package func rendered(for engine: DatabaseEngine) throws(DatabaseError) -> (text: String, values: [DatabaseValue]) {
        if parameters.isEmpty { return (text, []) }
        var values: [DatabaseValue] = []
        values.reserveCapacity(parameters.count)
        for parameter in parameters {
            if parameter.emptyList == nil { values.append(try parameter.value.databaseValue(for: engine)) }
        }
        return (placeholders(for: engine), values)
    }

    /// The error of a statement in which PostgreSQL cannot compare an empty list with a column, because the type of the
    /// list's values is not known. Nil if there is no such list.
    package var untypedListError: DatabaseError? {
        guard let list = parameters.lazy.compactMap(\.emptyList).first(where: { $0.type == nil }) else { return nil }
        return .value(
            "An empty list of \(list.values) has no type in PostgreSQL. Use a list of Int, String or another type with "
                + "a postgresType, or don't run the statement for an empty list.")
    }

    /// The text with a placeholder for each parameter.
    private func placeholders(for engine: DatabaseEngine) -> String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count + parameters.count * (engine == .sqlite ? 1 : 6))
        let source = text.utf8.span
        var start = 0
        func copy(to end: Int) {
            for index in start..<end { bytes.append(source[index]) }
            start = end
        }
        var number = 0
        for parameter in parameters {
            copy(to: parameter.offset)
            if let list = parameter.emptyList {
                bytes.append(contentsOf: list.query(for: engine).utf8)
            } else if engine == .sqlite {
                bytes.append(UInt8(ascii: "?"))
            } else {
                number += 1
                bytes.append(UInt8(ascii: "$"))
                bytes.append(decimal: Int64(number))
            }
        }
        copy(to: source.count)
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A list without values in a statement.
private final class EmptyList: Sendable {
    /// The name of the values' type.
    let values: String
    /// Their type in PostgreSQL, if it is known.
    let type: String?

    init(values: String, type: String?) {
        self.values = values
        self.type = type
    }

    /// A query without rows, to which each value can be compared.
    func query(for engine: DatabaseEngine) -> String {
        guard engine == .postgreSQL, let type else { return "SELECT NULL WHERE 1 = 0" }
        return "SELECT NULL::\(type) WHERE 1 = 0"
    }
}

extension SQL: CustomStringConvertible {
    /// The text with numbered placeholders, and the parameters after it: `SELECT $1 -- ["a"]`.
    public var description: String {
        guard let (text, values) = try? rendered(for: .postgreSQL) else { return "A value cannot be stored." }
        return values.isEmpty ? text : "\(text) -- [\(values.map(\.description).joined(separator: ", "))]"
    }
}

extension DatabaseValue: CustomStringConvertible {
    /// The value for logs: `NULL`, `7`, `"text"`, or the number of bytes.
    public var description: String {
        switch self {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): text.debugDescription
        case .bytes(let bytes): "\(bytes.count) bytes"
        }
    }
}
