internal import StraitDatabase

/// A part of a change of the schema, in the order of execution.
enum SchemaStep: Sendable, Hashable {
    /// A statement.
    case sql(String)
    /// Removes the constraints or indexes that a search finds. Their names may be older than the names of their table
    /// and columns, so they are looked up in the database.
    case remove(ConstraintSearch)
    /// Fails if rows prevent the next steps.
    case check(RowCheck)
    /// Remembers the indexes and triggers of a table of SQLite that is replaced.
    case save(TableObjects)
    /// Creates them again.
    case restore(TableObjects)
}

/// The indexes and triggers of a table of SQLite that statements of the application have created.
struct TableObjects: Sendable, Hashable {
    /// The name of the table.
    let table: String
    /// The columns that migrations have created.
    let columns: [String]
    /// The names of indexes that belong to the model.
    let names: Set<String>
}

/// A check that no rows lack a value for a column that must not be empty.
struct RowCheck: Sendable, Hashable {
    /// The name of the table in the database.
    let table: String
    /// The column, which is new unless the check is about its empty values.
    let column: String
    /// Whether only rows with an empty column count.
    var isOfEmptyValues = false
    /// The number of rows that may lack a value: one if a value is given, but may occur only once.
    var allowed = 0
    /// Advice for the user.
    let advice: String

    /// The query for the number of rows.
    var query: String {
        "SELECT COUNT(*) FROM " + SQL.quoted(table) + (isOfEmptyValues ? " WHERE \(SQL.quoted(column)) IS NULL" : "")
    }

    /// Returns the text of the error for a number of rows.
    func message(_ count: Int64) -> String {
        "\(count) \(count == 1 ? "row" : "rows") of the table \(table) \(count == 1 ? "has" : "have") no value for the "
            + "column \(column), which must not be empty. \(advice)"
    }
}

/// A search for constraints or indexes of a table.
struct ConstraintSearch: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case foreignKey, unique, index, check, primaryKey
    }

    let kind: Kind
    /// The name of the table in the database.
    let table: String
    /// The columns of the constraint, or nil for any.
    let columns: [String]?
    /// The names that belong to indexes and constraints of the model itself.
    var excluded: Set<String> = []
    /// The name if the table and columns were never renamed. If several match, only this one counts.
    var usualName: String?
    /// Whether the change fails unless there is one match.
    var isRequired = false

    /// The statements that remove the constraint or index with this name.
    ///
    /// - Parameter isDeferrable: Whether checks of the constraint may be pending.
    func removal(of name: String, isDeferrable: Bool, in engine: DatabaseEngine) -> [String] {
        let (name, table) = (SQL.quoted(name), SQL.quoted(table))
        if engine == .sqlite { return ["DROP INDEX \(name)"] }
        switch kind {
        case .index: return ["DROP INDEX IF EXISTS \(name)"]
        case .foreignKey, .unique, .check, .primaryKey:
            // A pending check of the constraint would make its removal fail.
            return (isDeferrable ? ["SET CONSTRAINTS \(name) IMMEDIATE"] : [])
                + ["ALTER TABLE \(table) DROP CONSTRAINT \(name)"]
        }
    }
}
