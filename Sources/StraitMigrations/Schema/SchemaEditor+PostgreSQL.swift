internal import StraitDatabase
internal import StraitModels

extension SchemaEditor {
    /// Changes a column of PostgreSQL, in the order of Django's `_alter_field`.
    mutating func alterInPostgreSQL(
        _ old: ModelField, _ new: ModelField, _ fill: DatabaseDefault?, _ change: TableChange
    ) {
        let table = place(change.new)
        let before = ColumnDefinition(old, change.from, names)
        let after = ColumnDefinition(new, change.to, names)
        let hadForeignKey = old.kind.isReference
        let isRetyped = before.type != after.type
        let losesTextIndex =
            (old.isIndexed || old.hasUniqueValues)
            && (before.isVarying && !after.isVarying || before.isText && !after.isText)
        if hadForeignKey { removeForeignKey(of: old.column, in: table) }
        let becomesKey = !old.isPrimaryKey && new.isPrimaryKey
        if old.hasUniqueValues, !old.isPrimaryKey, !new.hasUniqueValues || becomesKey {
            removeWaiting(table) { $0.columns == [old.column] && $0.isUnique }
            remove(
                ConstraintSearch(
                    kind: .unique, table: table, columns: [old.column],
                    excluded: Set(change.old.constraints.map(\.name))))
        }
        // Foreign keys of other tables that refer to this column.
        let rebuildsReferences = isRetyped && old.isPrimaryKey && new.isPrimaryKey
        let references = rebuildsReferences ? change.to.keyReferences(to: change.new.model) : []
        for (other, field) in references { removeForeignKey(of: field.column, in: place(other)) }
        if before.isIndexed, !new.isIndexed || new.hasUniqueValues {
            removeWaiting(table) { $0.columns == [old.column] && $0.isFieldIndex }
            remove(
                ConstraintSearch(
                    kind: .index, table: table, columns: [old.column], excluded: Set(change.old.indexes.map(\.name))))
        }
        let (oldCheck, newCheck) = (before.check(of: ""), after.check(of: ""))
        if oldCheck != newCheck, oldCheck != nil {
            remove(
                ConstraintSearch(
                    kind: .check, table: table, columns: [old.column],
                    excluded: Set(change.old.constraints.map(\.name))))
        }
        if old.column != new.column { renameColumn(old.column, to: new.column, in: table) }
        if losesTextIndex { removeLikeIndex(of: old.column, in: table) }
        alterColumn(before, after, fill, table)
        if old.isPrimaryKey, !new.isPrimaryKey {
            remove(ConstraintSearch(kind: .primaryKey, table: table, columns: nil))
        }
        if !new.isPrimaryKey, new.hasUniqueValues, !old.hasUniqueValues || old.isPrimaryKey {
            run(SchemaStatement(kind: .unique(name: nil, condition: nil), table: table, columns: [new.column]))
        }
        if after.isIndexed, !before.isIndexed { run(after.plainIndex(in: table)) }
        if becomesKey {
            let name = names.index(table, [new.column], suffix: "_pk")
            run(
                "ALTER TABLE \(SQL.quoted(table)) ADD CONSTRAINT \(SQL.quoted(name)) PRIMARY KEY "
                    + "(\(SQL.quoted(new.column)))")
        }
        for (other, field) in references {
            let column = ColumnDefinition(field, change.to, names)
            run("ALTER TABLE \(SQL.quoted(place(other))) " + typeChange(column, from: before.type))
        }
        if let target = after.target { run(after.foreignKey(in: table, target)) }
        for (other, field) in references {
            let column = ColumnDefinition(field, change.to, names)
            if let target = column.target { run(column.foreignKey(in: place(other), target, isShort: true)) }
        }
        if oldCheck != newCheck, let check = after.check {
            let name = names.index(table, [new.column], suffix: "_check")
            run(SchemaStatement(kind: .check(name: name, check), table: table, columns: []))
        }
        let gainsIndex = !(old.isIndexed || old.hasUniqueValues) && new.isIndexed
        if gainsIndex || !old.hasUniqueValues && new.hasUniqueValues || losesTextIndex,
            let statement = after.likeIndex(in: table)
        {
            run(statement)
        }
        if old.hasUniqueValues, !(new.isIndexed || new.hasUniqueValues) { removeLikeIndex(of: old.column, in: table) }
    }

    /// Changes type, default and `NOT NULL`.
    private mutating func alterColumn(
        _ before: ColumnDefinition, _ after: ColumnDefinition, _ fill: DatabaseDefault?, _ table: String
    ) {
        let (old, new) = (before.field, after.field)
        let (place, column) = (SQL.quoted(table), SQL.quoted(new.column))
        var actions: [String] = []
        var later: [String] = []
        if before.type != after.type || before.suffix != after.suffix {
            if before.suffix != nil, after.suffix == nil {
                run("ALTER TABLE \(place) ALTER COLUMN \(column) DROP IDENTITY IF EXISTS")
            }
            actions.append(typeChange(after, from: before.type))
            if before.suffix == nil, let suffix = after.suffix {
                later.append("ALTER TABLE \(place) ALTER COLUMN \(column) ADD \(suffix)")
                // The first new row gets an ID that no row has.
                later.append(
                    "SELECT setval(pg_get_serial_sequence(\(SQL.literal(place)), \(SQL.literal(new.column))), "
                        + "(SELECT COALESCE(MAX(\(column)), 0) + 1 FROM \(place)), false)")
            }
        }
        if old.databaseDefault != new.databaseDefault {
            actions.append(
                "ALTER COLUMN \(column) "
                    + (after.defaultText.map { "SET DEFAULT " + $0 } ?? "DROP DEFAULT"))
        }
        let value = new.databaseDefault ?? fill
        let isFilled = old.isOptional && !new.isOptional && value != nil
        let isTemporary = isFilled && new.databaseDefault == nil
        if isTemporary, let value { actions.append("ALTER COLUMN \(column) SET DEFAULT \(after.text(value))") }
        let nullChange = "ALTER COLUMN \(column) \(new.isOptional ? "DROP" : "SET") NOT NULL"
        if old.isOptional != new.isOptional, !isFilled { actions.append(nullChange) }
        if !actions.isEmpty { run("ALTER TABLE \(place) " + actions.joined(separator: ", ")) }
        if isFilled, let value {
            run("UPDATE \(place) SET \(column) = \(after.text(value)) WHERE \(column) IS NULL")
            // A pending check of a foreign key would make the next change of the table fail.
            run("SET CONSTRAINTS ALL IMMEDIATE")
            run("ALTER TABLE \(place) \(nullChange)")
        }
        for statement in later { run(statement) }
        if isTemporary { run("ALTER TABLE \(place) ALTER COLUMN \(column) DROP DEFAULT") }
    }

    private func typeChange(_ column: ColumnDefinition, from type: String) -> String {
        let name = SQL.quoted(column.field.column)
        func base(_ type: String) -> Substring { type.prefix { $0 != "(" } }
        return "ALTER COLUMN \(name) TYPE \(column.type)"
            + (base(type) == base(column.type) ? "" : " USING \(name)::\(column.type)")
    }

    private mutating func removeForeignKey(of column: String, in table: String) {
        if removeWaiting(table, where: { $0.columns == [column] && $0.isForeignKey }) { return }
        remove(ConstraintSearch(kind: .foreignKey, table: table, columns: [column]))
    }

    private mutating func removeLikeIndex(of column: String, in table: String) {
        removeWaiting(table) { $0.columns == [column] && $0.isLikeIndex }
        run("DROP INDEX IF EXISTS \(SQL.quoted(names.like(table, column)))")
    }
}

extension SchemaEditor {
    /// Drops deferred statements of a table. Returns whether there were any.
    @discardableResult
    mutating func removeWaiting(_ table: String, where matches: (SchemaStatement) -> Bool) -> Bool {
        let before = deferred.count
        keepDeferred { $0.table != table || !matches($0) }
        return deferred.count < before
    }
}

extension SchemaStatement {
    /// Whether the statement creates a foreign key.
    var isForeignKey: Bool { if case .foreignKey = kind { true } else { false } }
    /// Whether the statement creates a unique constraint without a condition.
    var isUnique: Bool { if case .unique(_, nil) = kind { true } else { false } }
    /// Whether the statement creates an index that belongs to a field.
    var isFieldIndex: Bool {
        if case .index(nil, _, _) = kind { return true }
        return isLikeIndex
    }
    /// Whether the statement creates an index for `LIKE`.
    var isLikeIndex: Bool { if case .likeIndex = kind { true } else { false } }
}
