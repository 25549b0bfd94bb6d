internal import StraitDatabase

/// A part of a change of the schema, in the order of execution.
enum SchemaStep: Sendable, Hashable {
    /// A statement.
    case sql(String)
    /// Removes the constraints or indexes that a search finds. Their names may be older than the names of their table
    /// and columns, so they are looked up in the database.
    case remove(ConstraintSearch)
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
    func removal(of name: String, in engine: DatabaseEngine) -> [String] {
        let (name, table) = (SQL.quoted(name), SQL.quoted(table))
        if engine == .sqlite { return ["DROP INDEX \(name)"] }
        switch kind {
        // A pending check of the constraint would make its removal fail.
        case .foreignKey: return ["SET CONSTRAINTS \(name) IMMEDIATE", "ALTER TABLE \(table) DROP CONSTRAINT \(name)"]
        case .index: return ["DROP INDEX IF EXISTS \(name)"]
        case .unique, .check, .primaryKey: return ["ALTER TABLE \(table) DROP CONSTRAINT \(name)"]
        }
    }
}
