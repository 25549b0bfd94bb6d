public import StraitCore

/// The current row of a result. It is valid only during the call that it is passed to.
@safe public struct DatabaseRow: ~Copyable {
    // The rows of both engines are a pointer into the result, so that reading a row allocates nothing.
    private enum Source {
        case sqlite(SQLiteRow)
        case postgreSQL(PostgresRow)
    }

    private let source: Source

    init(_ statement: SQLiteStatement) {
        source = .sqlite(SQLiteRow(statement))
    }

    init(_ row: PostgresRow) {
        source = .postgreSQL(row)
    }

    /// The number of columns.
    public var count: Int {
        switch source {
        case .sqlite(let row): row.count
        case .postgreSQL(let row): row.count
        }
    }

    /// Returns the value of the column at `index`, from 0. In PostgreSQL, only integers, floating-point numbers and
    /// bytes keep their types. All others, such as `numeric` and Booleans (`t` and `f`), are text.
    public subscript(index: Int) -> DatabaseValue {
        switch source {
        case .sqlite(let row): row[index]
        case .postgreSQL(let row): row[index]
        }
    }

    /// Whether the column at `index` is `NULL`.
    public func isNull(_ index: Int) -> Bool {
        switch source {
        case .sqlite(let row): row.isNull(index)
        case .postgreSQL(let row): row.isNull(index)
        }
    }

    // MARK: By type

    /// Returns the Boolean in the column at `index`, which SQLite stores as 0 or 1.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another value.
    public func boolean(_ index: Int) throws(DatabaseError) -> Bool {
        switch source {
        case .sqlite:
            switch try integer(index) {
            case 0: return false
            case 1: return true
            default: throw mismatch(index, "is not 0 or 1")
            }
        case .postgreSQL(let row):
            guard let value = row.boolean(index) else { throw mismatch(index, "is not a Boolean") }
            return value
        }
    }

    /// Returns the integer in the column at `index`, from 0. In PostgreSQL, the column may also be of the type
    /// `numeric`, if the number is whole.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func integer(_ index: Int) throws(DatabaseError) -> Int64 {
        let number: Int64? =
            switch source {
            case .sqlite(let row): row.integer(index)
            case .postgreSQL(let row): row.integer(index)
            }
        guard let number else { throw mismatch(index, "is not an integer") }
        return number
    }

    /// Returns the number in the column at `index`. SQLite stores a whole number as an integer.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func double(_ index: Int) throws(DatabaseError) -> Double {
        let number: Double? =
            switch source {
            case .sqlite(let row): row.double(index)
            case .postgreSQL(let row): row.double(index)
            }
        guard let number else { throw mismatch(index, "is not a number") }
        return number
    }

    /// Returns the text in the column at `index`. In PostgreSQL, the column may have any type except Booleans,
    /// integers, floating-point numbers and bytes.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func text(_ index: Int) throws(DatabaseError) -> String {
        let text = try withText(index) { bytes throws(DatabaseError) in
            if let valid = try? UTF8Span(validating: bytes) { String(copying: valid) } else { nil as String? }
        }
        guard let text else { throw mismatch(index, "is not valid UTF-8") }
        return text
    }

    /// Calls `body` with the text in the column at `index`, without a copy. It may not be valid UTF-8.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type; the error of `body`.
    package func withText<Output>(
        _ index: Int, _ body: (Span<UInt8>) throws(DatabaseError) -> Output
    ) throws(DatabaseError) -> Output {
        switch source {
        case .sqlite(let row):
            guard row.isText(index) else { throw mismatch(index, "is not text") }
            return try row.withText(index, body)
        case .postgreSQL(let row):
            guard !row.isNull(index) else { throw mismatch(index, "is not text") }
            switch row.kind(index) {
            case .text, .numeric: return try row.withText(index, body)
            case .boolean, .integer, .double, .bytes: throw mismatch(index, "is not text")
            }
        }
    }

    /// Returns the bytes in the column at `index`.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if the column is empty or has another type.
    public func bytes(_ index: Int) throws(DatabaseError) -> Bytes {
        let bytes: Bytes? =
            switch source {
            case .sqlite(let row): row.bytes(index)
            case .postgreSQL(let row): row.bytes(index)
            }
        guard let bytes else { throw mismatch(index, "is not a string of bytes") }
        return bytes
    }

    /// Returns the error for a column whose value has another type than its field.
    package func mismatch(_ index: Int, _ problem: String) -> DatabaseError {
        let name: String =
            switch source {
            case .sqlite(let row): row.name(index)
            case .postgreSQL(let row): row.name(index)
            }
        let value = isNull(index) ? "is empty" : "has the value \(self[index]), which \(problem)"
        return DatabaseError(
            .value,
            "The column \(name) \(value). Change the field's type to the stored one, or migrate the column.",
            columns: [name])
    }
}
