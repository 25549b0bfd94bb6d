internal import StraitDatabase
internal import StraitModels

/// The statements of changes of a schema, in the texts and names of Django 5.2's `SchemaEditor`.
///
/// It does no I/O: its caller takes the ``steps`` after each change and runs them. Indexes and foreign keys are created
/// at the end of a migration, by ``finish()``.
struct SchemaEditor {
    let engine: DatabaseEngine
    let names: SchemaNames
    /// The steps so far.
    private(set) var steps: [SchemaStep] = []
    /// The statements that wait for ``finish()``.
    private(set) var deferred: [SchemaStatement] = []

    init(_ engine: DatabaseEngine) {
        self.engine = engine
        names = SchemaNames(engine: engine)
    }

    /// Returns the steps so far, and forgets them.
    mutating func takeSteps() -> [SchemaStep] {
        defer { steps = [] }
        return steps
    }

    /// Runs the deferred statements.
    mutating func finish() {
        for statement in deferred { run(statement) }
        deferred = []
    }

    mutating func run(_ sql: String) { steps.append(.sql(sql)) }
    mutating func run(_ statement: SchemaStatement) { run(statement.text(names)) }
    mutating func remove(_ search: ConstraintSearch) { steps.append(.remove(search)) }
    mutating func check(_ check: RowCheck) { steps.append(.check(check)) }
    mutating func wait(_ statements: [SchemaStatement]) { deferred += statements }
    mutating func keepDeferred(_ isKept: (SchemaStatement) -> Bool) { deferred = deferred.filter(isKept) }

    /// Returns the name of a table in the database.
    func place(_ table: ModelTable) -> String { table.name(for: engine) }

    // MARK: Tables

    /// Creates a table, and those of its many-to-many fields.
    mutating func create(_ table: ModelTable, in state: ProjectState) {
        create(table, as: place(table), in: state)
        for automatic in table.automaticTables { create(automatic, as: place(automatic), in: state) }
    }

    /// Creates a table under another name.
    mutating func create(_ table: ModelTable, as name: String, in state: ProjectState) {
        let columns = table.fields.map { ColumnDefinition($0, state, names) }
        deferred += table.uniqueTogether.map {
            SchemaStatement(kind: .unique(name: nil, condition: nil), table: name, columns: $0)
        }
        if engine == .postgreSQL {
            for column in columns {
                if let target = column.target { deferred.append(column.foreignKey(in: name, target)) }
            }
        }
        var parts = columns.map(\.inTable)
        for constraint in table.constraints {
            switch constraint.kind {
            case .unique(_, .some): deferred.append(statement(constraint, in: name))
            case .unique(let list, nil):
                let list = list.map(SQL.quoted).joined(separator: ", ")
                parts.append("CONSTRAINT \(SQL.quoted(constraint.name)) UNIQUE (\(list))")
            case .check(let condition):
                parts.append("CONSTRAINT \(SQL.quoted(constraint.name)) CHECK (\(condition))")
            }
        }
        run("CREATE TABLE \(SQL.quoted(name)) (\(parts.joined(separator: ", ")))")
        deferred += columns.flatMap { $0.indexes(in: name) }
        deferred += table.indexes.map { statement($0, in: name) }
    }

    /// Drops a table, and those of its many-to-many fields.
    mutating func delete(_ table: ModelTable) {
        for automatic in table.automaticTables { drop(place(automatic)) }
        drop(place(table))
    }

    mutating func drop(_ name: String) {
        run("DROP TABLE \(SQL.quoted(name))" + (engine == .postgreSQL ? " CASCADE" : ""))
        deferred.removeAll { $0.refers(to: name) }
    }

    /// Renames a table.
    mutating func renameTable(_ old: String, to new: String) {
        guard old != new else { return }
        run("ALTER TABLE \(SQL.quoted(old)) RENAME TO \(SQL.quoted(new))")
        for index in deferred.indices { deferred[index].renameTable(old, to: new) }
    }

    /// Renames a column.
    mutating func renameColumn(_ old: String, to new: String, in table: String) {
        run("ALTER TABLE \(SQL.quoted(table)) RENAME COLUMN \(SQL.quoted(old)) TO \(SQL.quoted(new))")
        for index in deferred.indices { deferred[index].renameColumn(old, to: new, in: table) }
    }

    /// Drops a column.
    mutating func dropColumn(_ column: String, in table: String) {
        run(
            "ALTER TABLE \(SQL.quoted(table)) DROP COLUMN \(SQL.quoted(column))"
                + (engine == .postgreSQL ? " CASCADE" : ""))
        deferred.removeAll { $0.refers(to: table, column: column) }
    }

    // MARK: Indexes and constraints

    /// Returns the statement that creates an index.
    func statement(_ index: ModelIndex, in table: String) -> SchemaStatement {
        SchemaStatement(
            kind: .index(name: index.name, index.columns, condition: index.condition), table: table,
            columns: index.columns.map(\.column))
    }

    /// Returns the statement that creates a constraint.
    func statement(_ constraint: ModelConstraint, in table: String) -> SchemaStatement {
        switch constraint.kind {
        case .unique(let columns, let condition):
            SchemaStatement(
                kind: .unique(name: constraint.name, condition: condition), table: table, columns: columns)
        case .check(let condition):
            SchemaStatement(kind: .check(name: constraint.name, condition), table: table, columns: [])
        }
    }

    mutating func addIndex(_ index: ModelIndex, to table: ModelTable, isConcurrent: Bool) {
        var statement = statement(index, in: place(table))
        statement.isConcurrent = isConcurrent
        run(statement)
    }

    mutating func removeIndex(_ name: String, from table: ModelTable, isConcurrent: Bool) {
        switch engine {
        case .sqlite: run("DROP INDEX \(SQL.quoted(name))")
        case .postgreSQL:
            run("DROP INDEX \(isConcurrent ? "CONCURRENTLY " : "")IF EXISTS \(SQL.quoted(name))")
        }
        let (names, place) = (names, place(table))
        deferred.removeAll { $0.table == place && $0.name(names) == name }
    }

    /// Renames an index. SQLite creates it again.
    mutating func renameIndex(_ old: ModelIndex, to new: ModelIndex, in table: ModelTable) {
        if engine == .postgreSQL {
            run("ALTER INDEX \(SQL.quoted(old.name)) RENAME TO \(SQL.quoted(new.name))")
        } else {
            removeIndex(old.name, from: table, isConcurrent: false)
            addIndex(new, to: table, isConcurrent: false)
        }
    }

    /// Adds or removes a constraint.
    ///
    /// - Parameters:
    ///   - isAdded: Whether the constraint is added.
    ///   - old: The table before.
    ///   - new: The table after.
    mutating func change(
        _ constraint: ModelConstraint, isAdded: Bool, _ old: ModelTable, _ new: ModelTable, in state: ProjectState
    ) {
        let isIndex = if case .unique(_, .some) = constraint.kind { true } else { false }
        if engine == .sqlite, !isIndex { return rebuild(old, as: new, in: state) }
        let statement = statement(constraint, in: place(old))
        if isAdded { return run(statement) }
        let name = SQL.quoted(constraint.name)
        run(
            isIndex
                ? "DROP INDEX \(engine == .postgreSQL ? "IF EXISTS " : "")\(name)"
                : "ALTER TABLE \(SQL.quoted(place(old))) DROP CONSTRAINT \(name)")
        let (names, place) = (names, place(old))
        deferred.removeAll { $0.table == place && $0.name(names) == constraint.name }
    }

    /// Changes the lists of columns whose values together occur once.
    mutating func alterUniqueTogether(_ old: ModelTable, _ new: ModelTable) {
        let table = place(new)
        for columns in old.uniqueTogether where !new.uniqueTogether.contains(columns) {
            let isDeferred = deferred.contains { $0.table == table && $0.columns == columns && $0.isUniqueTogether }
            deferred.removeAll { $0.table == table && $0.columns == columns && $0.isUniqueTogether }
            if isDeferred { continue }
            remove(
                ConstraintSearch(
                    kind: .unique, table: table, columns: columns,
                    excluded: Set(old.constraints.map(\.name) + old.indexes.map(\.name)),
                    usualName: names.index(table, columns, suffix: "_uniq"), isRequired: true))
        }
        for columns in new.uniqueTogether where !old.uniqueTogether.contains(columns) {
            run(SchemaStatement(kind: .unique(name: nil, condition: nil), table: table, columns: columns))
        }
    }

    // MARK: SQLite

    /// Replaces a table of SQLite by one with other columns or constraints, and copies its rows.
    ///
    /// - Parameters:
    ///   - old: The table before.
    ///   - new: The table after, under the same name.
    ///   - sources: The expressions that give columns their values. Other columns keep theirs.
    ///   - state: The state after.
    mutating func rebuild(
        _ old: ModelTable, as new: ModelTable, sources: [String: String] = [:], in state: ProjectState
    ) {
        let name = place(old)
        let temporary = "new__" + name
        let objects = TableObjects(
            table: name, columns: old.columnNames,
            names: Set((old.indexes + new.indexes).map(\.name) + (old.constraints + new.constraints).map(\.name)))
        steps.append(.save(objects))
        create(new, as: temporary, in: state)
        let kept = Set(old.columnNames)
        let columns = new.columnNames.filter { sources[$0] != nil || kept.contains($0) }
        run(
            "INSERT INTO \(SQL.quoted(temporary)) (\(columns.map(SQL.quoted).joined(separator: ", "))) SELECT "
                + columns.map { sources[$0] ?? SQL.quoted($0) }.joined(separator: ", ") + " FROM \(SQL.quoted(name))")
        if old.primaryKey.kind.isAutomatic, new.primaryKey.kind.isAutomatic {
            // IDs of deleted rows are not used again.
            run("DELETE FROM sqlite_sequence WHERE name = \(SQL.literal(temporary))")
            run(
                "INSERT INTO sqlite_sequence (name, seq) SELECT \(SQL.literal(temporary)), seq FROM sqlite_sequence "
                    + "WHERE name = \(SQL.literal(name))")
        }
        drop(name)
        // Views and triggers name the table, which is missing for a moment.
        run("PRAGMA legacy_alter_table = ON")
        renameTable(temporary, to: name)
        run("PRAGMA legacy_alter_table = OFF")
        finish()
        steps.append(.restore(objects))
    }
}

extension SchemaStatement {
    /// Whether the statement creates a constraint of `unique_together`.
    var isUniqueTogether: Bool { kind == .unique(name: nil, condition: nil) && columns.count > 1 }
}
