internal import StraitDatabase
internal import StraitModels

/// A table, before and after a change of one field.
struct TableChange {
    let old: ModelTable
    let new: ModelTable
    let from: ProjectState
    let to: ProjectState
}

extension SchemaEditor {
    /// Adds a column.
    ///
    /// - Parameter fill: The value of existing rows, or nil for `NULL` or the default of the database.
    mutating func add(_ field: ModelField, fill: DatabaseDefault?, _ change: TableChange) {
        let column = ColumnDefinition(field, change.to, names)
        let isConstant = column.defaultText?.hasPrefix("(") != true
        // SQLite can only add columns that are empty, or that have a constant default.
        if engine == .sqlite, field.hasUniqueValues || !field.isOptional || fill != nil || !isConstant {
            var sources: [String: String] = [:]
            if let value = fill, field.databaseDefault == nil { sources[field.column] = column.text(value) }
            return rebuild(change.old, as: change.new, sources: sources, in: change.to)
        }
        let table = place(change.new)
        for statement in column.added(to: table, fill: fill) { run(statement) }
        wait(column.indexes(in: table))
    }

    /// Drops a column.
    mutating func remove(_ field: ModelField, _ change: TableChange) {
        let table = place(change.old)
        if engine == .sqlite, field.hasUniqueValues || field.isIndexed || field.kind.isReference {
            return rebuild(change.old, as: change.new, in: change.to)
        }
        if engine == .postgreSQL, field.kind.isReference {
            remove(ConstraintSearch(kind: .foreignKey, table: table, columns: [field.column]))
        }
        dropColumn(field.column, in: table)
    }

    /// Changes a column's name, type or options.
    ///
    /// - Parameter fill: The value of rows without one, if the column may no longer be empty.
    mutating func alter(_ old: ModelField, to new: ModelField, fill: DatabaseDefault?, _ change: TableChange) {
        guard isAltered(old, new, change) else { return }
        switch engine {
        case .sqlite: alterInSQLite(old, new, fill, change)
        case .postgreSQL: alterInPostgreSQL(old, new, fill, change)
        }
    }

    /// Whether the database has to change.
    private func isAltered(_ old: ModelField, _ new: ModelField, _ change: TableChange) -> Bool {
        func comparable(_ field: ModelField, _ state: ProjectState) -> ModelField {
            var field = field.migrated
            field.name = ""
            field.property = ""
            field.verboseName = ""
            field.reference = field.reference.map {
                // Only the table counts, which may have a new name.
                let table = state.table($0.model)?.name ?? $0.model.tableName
                return ModelReference(ModelName(app: "", name: table), onDelete: .cascade)
            }
            return field
        }
        return comparable(old, change.from) != comparable(new, change.to)
    }

    private mutating func alterInSQLite(
        _ old: ModelField, _ new: ModelField, _ fill: DatabaseDefault?, _ change: TableChange
    ) {
        let (before, after) = (ColumnDefinition(old, change.from, names), ColumnDefinition(new, change.to, names))
        if old.column != new.column, before.options() == after.options(), before.target == nil, after.target == nil {
            return renameColumn(old.column, to: new.column, in: place(change.new))
        }
        var source = SQL.quoted(old.column)
        if old.isOptional, !new.isOptional, let value = new.databaseDefault ?? fill {
            source = "coalesce(\(source), \(after.text(value)))"
        }
        rebuild(change.old, as: change.new, sources: [new.column: source], in: change.to)
        // The columns that refer to this one have its name and type.
        guard new.isPrimaryKey, before.type != after.type || old.column != new.column else { return }
        var rebuilt: Set<ModelName> = [change.new.model]
        for (table, _) in change.to.keyReferences(to: change.new.model) where rebuilt.insert(table.model).inserted {
            rebuild(change.from.table(table.model) ?? table, as: table, in: change.to)
        }
    }

    // MARK: Many-to-many fields

    /// Changes the table of a many-to-many field whose name, model or other model has changed.
    mutating func alter(_ old: ModelTable, automatic new: ModelTable, from: ProjectState, to: ProjectState) {
        let pairs = Array(zip(old.fields, new.fields)).dropFirst().reversed()
        guard engine == .sqlite else {
            renameTable(place(old), to: place(new))
            // Each foreign key is changed by itself.
            var current = old
            (current.name, current.shortName) = (new.name, new.shortName)
            for (field, replacement) in pairs {
                var next = current
                next.fields = next.fields.map { $0.name == field.name ? replacement : $0 }
                alter(
                    field, to: replacement, fill: nil, TableChange(old: current, new: next, from: from, to: to))
                current = next
            }
            return
        }
        let sources = Dictionary(
            zip(new.columnNames, old.columnNames.map(SQL.quoted)), uniquingKeysWith: { first, _ in first })
        if old.name == new.name { return rebuild(old, as: new, sources: sources, in: to) }
        create(new, as: place(new), in: to)
        run(
            "INSERT INTO \(SQL.quoted(place(new))) (\(new.columnNames.map(SQL.quoted).joined(separator: ", "))) SELECT "
                + old.columnNames.map(SQL.quoted).joined(separator: ", ") + " FROM \(SQL.quoted(place(old)))")
        drop(place(old))
    }
}
