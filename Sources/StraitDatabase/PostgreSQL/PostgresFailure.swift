/// An error of the server, with the fields that it sends.
struct PostgresFailure: Sendable {
    /// The SQLSTATE, five letters and digits.
    var state: String
    var message: String
    var detail: String?
    var hint: String?
    var table: String?
    var column: String?
    var constraint: String?
    /// The function of the server that reports the error.
    var function: String?

    /// The consequence for the connection.
    var problem: PostgresPipeline<PostgresCall>.Problem {
        switch state {
        // "cached plan must not change result type", which only this function reports.
        case "0A000" where function == "RevalidateCachedQuery": .stalePlan
        case "26000": .missingPlan
        case "57014": .cancelled
        default: .other
        }
    }

    var error: DatabaseError {
        switch state {
        case "23505": unique
        case "23502":
            DatabaseError(
                .notNull,
                "The column \(column ?? "") of \(table ?? "the table") requires a value. Give it one, or declare it "
                    + "optional and migrate.",
                table: table, columns: column.map { [$0] } ?? [])
        case "23503", "23001":
            DatabaseError(
                .foreignKey,
                "A foreign key refers to a row that does not exist, or other rows still refer to a deleted row. Save "
                    + "the missing row first, or delete the rows that refer to the deleted one.",
                table: table, columns: keyColumns, constraint: constraint)
        case "23514":
            DatabaseError(
                .check,
                "The row does not satisfy the check '\(constraint ?? message)'. Change the values that it tests.",
                table: table, constraint: constraint)
        case "23P01":
            DatabaseError(
                .unique,
                "Another row of \(table ?? "the table") conflicts with this one under the constraint "
                    + "\(constraint ?? ""). Change one of the rows.",
                table: table, constraint: constraint)
        case "42P01":
            DatabaseError(
                .missingTable, "The table \(quoted ?? "") does not exist. Run the command migrate.", table: quoted)
        case "42703":
            DatabaseError(
                .missingColumn, "The column \(missingColumn) does not exist. Run the command migrate.",
                columns: [String(missingColumn.split(separator: ".").last ?? "")])
        // Not from the server, but from libpq.
        case "": PostgresConnection.lost(message)
        default: general
        }
    }

    /// The first line of one of libpq's messages, without a period. Hints follow on further lines.
    static func firstLine(_ text: String) -> String {
        var line = text.split(whereSeparator: \.isNewline).first ?? "no reason is known"
        while line.utf8.last == UInt8(ascii: ".") { line.removeLast() }
        return String(line)
    }

    private var general: DatabaseError {
        switch state {
        case "40001", "40P01":
            DatabaseError(
                .serialization,
                "The transaction conflicts with another one (\(message)). Run it again: atomic does so with `retries`.",
                isRetryable: true)
        case "55P03":
            DatabaseError(
                .busy,
                "Another connection has locked the rows or the table for too long. Make its transaction shorter, or "
                    + "retry.",
                isRetryable: true)
        case "57014" where message.contains("timeout"):
            DatabaseError(
                .timeout,
                "The statement took longer than statement_timeout allows. Make it faster with an index, or allow more "
                    + "time.")
        case "57014": DatabaseError(.cancelled, "The statement was cancelled.")
        case "25P02":
            DatabaseError(
                .other,
                "An earlier statement of the transaction failed, so PostgreSQL accepts no others. Put a statement "
                    + "that may fail into a nested atomic.")
        case "25006":
            DatabaseError(.other, "The transaction only reads, so it cannot change rows. Begin it without isReadOnly.")
        case "0A000" where problem == .stalePlan:
            DatabaseError(
                .serialization,
                "A table has changed while the transaction used it. Run the transaction again.", isRetryable: true)
        case "57P01", "57P02", "57P05", "25P03":
            DatabaseError(
                .connection, "PostgreSQL has ended the connection (\(message)). Run the statement again.")
        case "42501":
            DatabaseError(
                .other, "The user of the database may not do that: \(message). Grant the user the permission.")
        default: byClass
        }
    }

    /// The error by the first two characters of the state, its class.
    private var byClass: DatabaseError {
        let text = message + (hint.map { ". " + $0 } ?? "")
        switch state.prefix(2) {
        case "22", "21": return DatabaseError(.value, "PostgreSQL rejects a value: \(text). Change the value.")
        case "42": return DatabaseError(.syntax, "PostgreSQL rejects the statement: \(text).")
        case "53", "54": return DatabaseError(.limit, "PostgreSQL has reached a limit: \(text).")
        case "08": return DatabaseError(.connection, "PostgreSQL has ended the connection (\(message)).")
        case "23":
            return DatabaseError(
                .check, "The row violates a constraint of its table: \(text). Change the row.",
                constraint: constraint)
        default: return DatabaseError(.other, "PostgreSQL failed: \(text) (\(state)).")
        }
    }

    private var unique: DatabaseError {
        let columns = keyColumns
        if columns.isEmpty {
            let name = constraint ?? ""
            return DatabaseError(
                .unique, "Another row has the same values in the unique index \(name). Change one of the rows.",
                table: table, constraint: constraint)
        }
        return DatabaseError(
            .unique,
            "Another row of \(table ?? "the table") has the same \(columns.joined(separator: ", ")). Change this row, "
                + "or update the other one.",
            table: table, columns: columns, constraint: constraint)
    }

    /// The columns in a detail such as `Key (owner_id, photo_id)=(1, 2) already exists.`; empty for an expression.
    private var keyColumns: [String] {
        guard let detail, let start = detail.utf8.firstIndex(of: UInt8(ascii: "(")),
            let end = detail[start...].firstRange(of: ")=(")?.lowerBound
        else { return [] }
        let names = detail[detail.utf8.index(after: start)..<end]
        guard !names.utf8.contains(UInt8(ascii: "(")) else { return [] }
        return names.split(separator: ", ").map(Self.unquoted)
    }

    /// The first name in quotes of the message.
    private var quoted: String? {
        let parts = message.split(separator: "\"", omittingEmptySubsequences: false)
        return parts.count >= 3 ? String(parts[1]) : nil
    }

    /// The column in `column "x" of relation "y" does not exist` or `column t.x does not exist`.
    private var missingColumn: String {
        quoted ?? message.split(separator: " ").dropFirst().first.map(Self.unquoted) ?? ""
    }

    private static func unquoted(_ name: Substring) -> String {
        name.utf8.first == UInt8(ascii: "\"") && name.utf8.count > 1
            ? String(name.dropFirst().dropLast()) : String(name)
    }
}
