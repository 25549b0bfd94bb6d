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
    package enum Piece: Sendable {
        case text(String)
        case value(any DatabaseConvertible)
    }

    package var pieces: [Piece]

    package init(pieces: [Piece]) {
        self.pieces = pieces
    }

    /// Creates a statement without parameters.
    public init(stringLiteral text: String) {
        pieces = [.text(text)]
    }

    /// Creates a statement whose interpolated values are parameters.
    public init(stringInterpolation: StringInterpolation) {
        pieces = stringInterpolation.pieces
    }

    /// Creates a statement from text that the program itself has created.
    package init(trusted text: String) {
        pieces = [.text(text)]
    }

    /// Adds text that the program itself has created.
    package mutating func append(_ text: String) {
        // Adjacent texts are joined, so that a statement has few parts.
        if case .text(let last)? = pieces.last {
            pieces[pieces.count - 1] = .text(last + text)
        } else {
            pieces.append(.text(text))
        }
    }

    /// Adds a parameter.
    package mutating func append(value: any DatabaseConvertible) { pieces.append(.value(value)) }

    /// Adds a part of a statement with its parameters.
    package mutating func append(_ sql: SQL) {
        for piece in sql.pieces {
            if case .text(let text) = piece { append(text) } else { pieces.append(piece) }
        }
    }

    /// The text without parameters.
    package var text: String {
        pieces.reduce("") { text, piece in
            if case .text(let part) = piece { return text + part }
            return text
        }
    }

    /// The parts of an interpolated statement.
    public struct StringInterpolation: StringInterpolationProtocol {
        var pieces: [Piece] = []

        /// Creates an empty list of parts.
        public init(literalCapacity: Int, interpolationCount: Int) {
            pieces.reserveCapacity(2 * interpolationCount + 1)
        }

        /// Adds text of the statement.
        public mutating func appendLiteral(_ literal: String) {
            if !literal.isEmpty { pieces.append(.text(literal)) }
        }

        /// Adds a parameter.
        public mutating func appendInterpolation(_ value: some DatabaseConvertible) {
            pieces.append(.value(value))
        }

        /// Adds a parameter, `NULL` for nil.
        public mutating func appendInterpolation<Value: DatabaseConvertible>(_ value: Value?) {
            pieces.append(.value(value))
        }

        /// Adds a part of a statement with its parameters.
        public mutating func appendInterpolation(_ sql: SQL) {
            pieces += sql.pieces
        }

        /// Adds parameters with commas between them, for `IN (…)`. An empty list becomes a query without rows, so that
        /// `IN` matches nothing and `NOT IN` everything.
        public mutating func appendInterpolation(list values: [some DatabaseConvertible]) {
            pieces += SQL.list(values).pieces
        }

        /// Adds the name of a table, column or other object in quotes.
        public mutating func appendInterpolation(identifier name: String) {
            pieces.append(.text(SQL.quoted(name)))
        }
    }

    /// Returns parameters with commas between them, or a query without rows for an empty list.
    package static func list(_ values: [any DatabaseConvertible]) -> SQL {
        if values.isEmpty { return "SELECT NULL WHERE 1 = 0" }
        var list = SQL(pieces: [])
        for (index, value) in values.enumerated() {
            if index > 0 { list.pieces.append(.text(", ")) }
            list.pieces.append(.value(value))
        }
        return list
    }

    /// Returns `name` in quotes. A quote in it is doubled, as in SQL's standard.
    package static func quoted(_ name: String) -> String {
        // By scalars: a combining mark after a quote must not hide the quote.
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
        var text = ""
        var values: [DatabaseValue] = []
        for piece in pieces {
            switch piece {
            case .text(let part): text += part
            case .value(let value):
                values.append(try value.databaseValue(for: engine))
                text += engine == .sqlite ? "?" : "$\(values.count)"
            }
        }
        return (text, values)
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
