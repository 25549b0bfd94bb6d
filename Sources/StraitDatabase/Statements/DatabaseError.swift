/// An error of a database, with the table, column or constraint that it is about.
public struct DatabaseError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The kinds of errors.
    public enum Code: Hashable, Sendable {
        /// The database cannot be opened or reached.
        case connection
        /// The database is locked by another connection, or no connection became free in time.
        case busy
        /// A row with the same value of a unique column exists.
        case unique
        /// A column that requires a value has none.
        case notNull
        /// A foreign key refers to a missing row, or other rows still refer to a deleted row.
        case foreignKey
        /// A check constraint failed.
        case check
        /// The table does not exist.
        case missingTable
        /// The column does not exist.
        case missingColumn
        /// A value cannot be stored, or has another type than the column.
        case value
        /// The statement is not valid SQL.
        case syntax
        /// The database reached a limit, such as the number of parameters or the disk's size.
        case limit
        /// The statement was cancelled.
        case cancelled
        /// The statement took longer than the database's time limit.
        case timeout
        /// The transaction conflicts with another one, and nothing of it is stored.
        case serialization
        /// The connection was lost during the commit, so the transaction may or may not be stored.
        case unknownOutcome
        /// Any other error.
        case other
    }

    /// The kind of error.
    public let code: Code
    /// The table that the error is about, if known.
    public let table: String?
    /// The columns that the error is about, if known.
    public let columns: [String]
    /// The constraint that failed, if the database names it.
    public let constraint: String?
    /// Whether the same transaction may succeed if it is run again: it conflicts with another one, or had to wait too
    /// long for a lock.
    public let isRetryable: Bool
    /// The problem and its solution.
    public let description: String

    package init(
        _ code: Code, _ description: String, table: String? = nil, columns: [String] = [], constraint: String? = nil,
        isRetryable: Bool = false
    ) {
        self.code = code
        self.table = table
        self.columns = columns
        self.constraint = constraint
        self.isRetryable = isRetryable
        self.description = description
    }

    package static func value(_ description: String) -> DatabaseError { DatabaseError(.value, description) }
}
