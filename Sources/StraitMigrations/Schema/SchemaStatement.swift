internal import StraitDatabase
internal import StraitModels

/// A statement that creates an index or a constraint. It may run later than the rest of a migration, so it follows
/// tables and columns that are renamed in between.
struct SchemaStatement: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        /// An index, with Django's name if it has none.
        case index(name: String?, [ColumnOrder], condition: String?)
        /// PostgreSQL's index for `LIKE`.
        case likeIndex(operators: String)
        /// A unique constraint, which is an index in SQLite and if it has a condition.
        case unique(name: String?, condition: String?)
        case check(name: String, String)
        /// A foreign key. A short name does not end with the other table and column.
        case foreignKey(toTable: String, toColumn: String, isShort: Bool)
    }

    var kind: Kind
    /// The name of the table in the database.
    var table: String
    var columns: [String]
    /// Whether PostgreSQL creates the index without a lock, outside of a transaction.
    var isConcurrent = false

    /// Whether the statement names the table.
    func refers(to name: String) -> Bool {
        if case .foreignKey(let toTable, _, _) = kind, toTable == name { return true }
        return table == name
    }

    /// Whether the statement names the column.
    func refers(to name: String, column: String) -> Bool {
        if case .foreignKey(name, column, _) = kind { return true }
        return table == name && columns.contains(column)
    }

    /// Follows a table that is renamed.
    mutating func renameTable(_ old: String, to new: String) {
        if case .foreignKey(old, let column, let isShort) = kind {
            kind = .foreignKey(toTable: new, toColumn: column, isShort: isShort)
        }
        if table == old { table = new }
    }

    /// Follows a column that is renamed.
    mutating func renameColumn(_ old: String, to new: String, in name: String) {
        if case .foreignKey(name, old, let isShort) = kind {
            kind = .foreignKey(toTable: name, toColumn: new, isShort: isShort)
        }
        guard table == name else { return }
        columns = columns.map { $0 == old ? new : $0 }
        if case .index(let index, let orders, let condition) = kind {
            let orders = orders.map { ColumnOrder($0.column == old ? new : $0.column, isDescending: $0.isDescending) }
            kind = .index(name: index, orders, condition: condition)
        }
    }

    /// The name of the index or constraint.
    func name(_ names: SchemaNames) -> String {
        switch kind {
        case .index(let name, _, _): name ?? names.index(table, columns)
        case .likeIndex: names.index(table, columns, suffix: "_like")
        case .unique(let name, _): name ?? names.index(table, columns, suffix: "_uniq")
        case .check(let name, _): name
        case .foreignKey(let toTable, let toColumn, let isShort):
            names.index(table, columns, suffix: isShort ? "_fk" : "_fk_\(toTable)_\(toColumn)")
        }
    }

    /// The text of the statement.
    func text(_ names: SchemaNames) -> String {
        let name = SQL.quoted(name(names))
        let place = SQL.quoted(table)
        let list = columns.map(SQL.quoted).joined(separator: ", ")
        let create = isConcurrent && names.engine == .postgreSQL ? "CREATE INDEX CONCURRENTLY" : "CREATE INDEX"
        switch kind {
        case .index(_, let orders, let condition):
            let list = orders.map { SQL.quoted($0.column) + ($0.isDescending ? " DESC" : "") }
            return "\(create) \(name) ON \(place) (\(list.joined(separator: ", ")))" + Self.clause(condition)
        case .likeIndex(let operators): return "\(create) \(name) ON \(place) (\(list) \(operators))"
        case .unique(_, let condition):
            if condition != nil || names.engine == .sqlite {
                return "CREATE UNIQUE INDEX \(name) ON \(place) (\(list))" + Self.clause(condition)
            }
            return "ALTER TABLE \(place) ADD CONSTRAINT \(name) UNIQUE (\(list))"
        case .check(_, let condition): return "ALTER TABLE \(place) ADD CONSTRAINT \(name) CHECK (\(condition))"
        case .foreignKey(let toTable, let toColumn, _):
            return "ALTER TABLE \(place) ADD CONSTRAINT \(name) FOREIGN KEY (\(list)) REFERENCES "
                + "\(SQL.quoted(toTable)) (\(SQL.quoted(toColumn))) DEFERRABLE INITIALLY DEFERRED"
        }
    }

    private static func clause(_ condition: String?) -> String { condition.map { " WHERE " + $0 } ?? "" }
}
