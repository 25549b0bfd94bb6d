internal import CSQLite

/// SQLite's result code and message, as a ``DatabaseError``.
struct SQLiteFailure {
    /// The extended result code.
    let code: Int32
    let message: String

    var error: DatabaseError {
        switch code {
        case Extended.unique, Extended.primaryKey: unique
        case Extended.notNull: notNull
        case Extended.trigger where message != "FOREIGN KEY constraint failed":
            DatabaseError(.check, "A trigger of the database refuses the row: \(message). Change the row.")
        case Extended.foreignKey, Extended.trigger:
            DatabaseError(
                .foreignKey,
                "A foreign key refers to a row that does not exist, or other rows still refer to a deleted row. Save "
                    + "the missing row first, or delete the rows that refer to the deleted one.")
        case Extended.check:
            DatabaseError(
                .check, "The row does not satisfy the check '\(rest)'. Change the values that it tests.",
                constraint: rest)
        default: general
        }
    }

    /// The text after the message's first colon and space.
    private var rest: String {
        message.firstRange(of: ": ").map { String(message[$0.upperBound...]) } ?? message
    }

    /// The table and columns in `table.first, table.second`.
    private var place: (table: String?, columns: [String]) {
        var table: String?
        var columns: [String] = []
        for name in rest.split(separator: ", ") {
            guard let dot = name.lastIndex(of: ".") else { continue }
            table = String(name[..<dot])
            columns.append(String(name[name.index(after: dot)...]))
        }
        return (table, columns)
    }

    private var unique: DatabaseError {
        if rest.hasPrefix("index '") {
            let name = String(rest.dropFirst(7).dropLast())
            return DatabaseError(
                .unique, "Another row has the same values in the unique index \(name). Change one of the rows.",
                constraint: name)
        }
        let (table, columns) = place
        let names = columns.joined(separator: ", ")
        return DatabaseError(
            .unique,
            "Another row of \(table ?? "the table") has the same \(names.isEmpty ? "value" : names). Change this row, "
                + "or update the other one.",
            table: table, columns: columns)
    }

    private var notNull: DatabaseError {
        let (table, columns) = place
        return DatabaseError(
            .notNull,
            "The column \(columns.first ?? rest) of \(table ?? "the table") requires a value. Give it one, or declare "
                + "it optional and migrate.",
            table: table, columns: columns)
    }

    private var general: DatabaseError {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            DatabaseError(
                .busy,
                "Another connection has locked the database for too long. Make its transaction shorter, or retry.",
                isRetryable: true)
        case SQLITE_INTERRUPT: DatabaseError(.cancelled, "The statement was cancelled.")
        case SQLITE_CANTOPEN, SQLITE_NOTADB, SQLITE_CORRUPT:
            DatabaseError(.connection, "The database file cannot be read: \(message). Check the path and the file.")
        case SQLITE_FULL, SQLITE_TOOBIG, SQLITE_NOMEM:
            DatabaseError(.limit, "SQLite has reached a limit: \(message).")
        case SQLITE_READONLY:
            DatabaseError(
                .other,
                "The database is read-only: \(message). Pass isWrite to query, begin the transaction without "
                    + "isReadOnly, or allow the server to write to the file.")
        case SQLITE_MISMATCH, SQLITE_RANGE:
            DatabaseError(.value, "SQLite rejects a value: \(message). Change the value.")
        case SQLITE_ERROR where message.hasPrefix("no such table: "):
            DatabaseError(
                .missingTable, "The table \(rest) does not exist. Run the command migrate.", table: rest)
        case SQLITE_ERROR where message.hasPrefix("no such column: "):
            DatabaseError(
                .missingColumn, "The column \(rest) does not exist. Run the command migrate.",
                columns: [String(rest.split(separator: ".").last ?? "")])
        case SQLITE_ERROR where message.contains(" has no column named "):
            DatabaseError(
                .missingColumn, "The \(message). Run the command migrate.",
                columns: [String(message.split(separator: " ").last ?? "")])
        case SQLITE_ERROR: DatabaseError(.syntax, "SQLite rejects the statement: \(message).")
        default: DatabaseError(.other, "SQLite failed: \(message) (\(code)).")
        }
    }
}

/// Extended result codes of constraints. SQLite's macros for them are expressions, which Swift does not import.
private enum Extended {
    static let check = SQLITE_CONSTRAINT | 1 << 8
    static let foreignKey = SQLITE_CONSTRAINT | 3 << 8
    static let notNull = SQLITE_CONSTRAINT | 5 << 8
    static let primaryKey = SQLITE_CONSTRAINT | 6 << 8
    static let trigger = SQLITE_CONSTRAINT | 7 << 8
    static let unique = SQLITE_CONSTRAINT | 8 << 8
}
