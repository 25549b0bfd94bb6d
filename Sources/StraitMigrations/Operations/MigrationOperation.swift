public import StraitDatabase
public import StraitModels

/// A change of the tables, in a ``Migration``.
///
/// Models are named without their app, because a migration changes only the models of its own app. Fields have their
/// names in Django, and indexes and constraints name columns.
public struct MigrationOperation: Sendable {
    /// A step that changes rows. It is called with the transaction of the migration, and with the tables at that
    /// point.
    public typealias DataStep = @Sendable (Database, ProjectState) async throws -> Void

    enum Kind: Sendable {
        case createModel(
            String, table: String?, fields: [MigrationField], uniqueTogether: [[String]], indexes: [ModelIndex],
            constraints: [ModelConstraint], isManaged: Bool)
        case deleteModel(String)
        case renameModel(String, to: String)
        case alterTable(String, table: String?)
        case alterOptions(String, isManaged: Bool)
        case addField(String, MigrationField, filling: DatabaseDefault?)
        case removeField(String, String)
        case alterField(String, MigrationField, filling: DatabaseDefault?)
        case renameField(String, String, to: String)
        case addIndex(String, ModelIndex, isConcurrent: Bool)
        case removeIndex(String, String, isConcurrent: Bool)
        case renameIndex(String, String, to: String)
        case addConstraint(String, ModelConstraint)
        case removeConstraint(String, String)
        case alterUniqueTogether(String, [[String]])
        case runSQL([String], reverse: [String]?)
        case run(forward: DataStep, reverse: DataStep?)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    // MARK: Models

    /// Creates a table; Django's `CreateModel`.
    ///
    /// - Parameters:
    ///   - name: The name of the model.
    ///   - table: The name of the table, or nil for Django's: `gallery_photo`.
    ///   - fields: The fields, with the primary key.
    ///   - uniqueTogether: The lists of columns whose values together occur once.
    ///   - indexes: The indexes of several columns or with a condition.
    ///   - constraints: The constraints.
    ///   - isManaged: Whether migrations create and change the table.
    public static func createModel(
        _ name: String, table: String? = nil, fields: [MigrationField], uniqueTogether: [[String]] = [],
        indexes: [ModelIndex] = [], constraints: [ModelConstraint] = [], isManaged: Bool = true
    ) -> MigrationOperation {
        MigrationOperation(
            .createModel(
                name, table: table, fields: fields, uniqueTogether: uniqueTogether, indexes: indexes,
                constraints: constraints, isManaged: isManaged))
    }

    /// Drops a table with its rows; Django's `DeleteModel`.
    public static func deleteModel(_ name: String) -> MigrationOperation { MigrationOperation(.deleteModel(name)) }

    /// Renames a model, with its table, the foreign keys to it and its many-to-many tables; Django's `RenameModel`.
    public static func renameModel(_ name: String, to newName: String) -> MigrationOperation {
        MigrationOperation(.renameModel(name, to: newName))
    }

    /// Renames a table; Django's `AlterModelTable`.
    ///
    /// - Parameters:
    ///   - name: The name of the model.
    ///   - table: The new name of the table, or nil for Django's: `gallery_photo`.
    public static func alterTable(_ name: String, to table: String?) -> MigrationOperation {
        MigrationOperation(.alterTable(name, table: table))
    }

    /// Changes whether migrations change the table; Django's `AlterModelOptions` with `managed`.
    public static func alterOptions(_ name: String, isManaged: Bool) -> MigrationOperation {
        MigrationOperation(.alterOptions(name, isManaged: isManaged))
    }

    // MARK: Fields

    /// Adds a field; Django's `AddField`.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - field: The field.
    ///   - value: The value for existing rows. It is required if the field is not optional and has no database
    ///     default.
    public static func addField(
        _ model: String, _ field: MigrationField, filling value: DatabaseDefault? = nil
    ) -> MigrationOperation {
        MigrationOperation(.addField(model, field, filling: value))
    }

    /// Removes a field with its values; Django's `RemoveField`.
    ///
    /// When it is undone, rows get an empty text, 0 or the like in a field that is not optional. A foreign key has no
    /// such value, and a unique field has it for one row only, so that more rows are an error then.
    public static func removeField(_ model: String, _ field: String) -> MigrationOperation {
        MigrationOperation(.removeField(model, field))
    }

    /// Changes the type or the options of a field; Django's `AlterField`.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - field: The field after the change.
    ///   - value: The value that replaces `NULL`, if the field was optional and no longer is.
    public static func alterField(
        _ model: String, _ field: MigrationField, filling value: DatabaseDefault? = nil
    ) -> MigrationOperation {
        MigrationOperation(.alterField(model, field, filling: value))
    }

    /// Renames a field and its column; Django's `RenameField`.
    public static func renameField(_ model: String, _ field: String, to newName: String) -> MigrationOperation {
        MigrationOperation(.renameField(model, field, to: newName))
    }

    // MARK: Indexes and constraints

    /// Adds an index; Django's `AddIndex`.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - index: The index.
    ///   - concurrently: Whether PostgreSQL creates it while other connections write. The migration then runs without
    ///     a transaction. SQLite ignores it.
    public static func addIndex(
        _ model: String, _ index: ModelIndex, concurrently: Bool = false
    ) -> MigrationOperation {
        MigrationOperation(.addIndex(model, index, isConcurrent: concurrently))
    }

    /// Removes an index; Django's `RemoveIndex`.
    ///
    /// - Parameters:
    ///   - model: The name of the model.
    ///   - index: The name of the index.
    ///   - concurrently: Whether PostgreSQL removes it while other connections write.
    public static func removeIndex(
        _ model: String, _ index: String, concurrently: Bool = false
    ) -> MigrationOperation {
        MigrationOperation(.removeIndex(model, index, isConcurrent: concurrently))
    }

    /// Renames an index; Django's `RenameIndex`.
    public static func renameIndex(_ model: String, _ index: String, to newName: String) -> MigrationOperation {
        MigrationOperation(.renameIndex(model, index, to: newName))
    }

    /// Adds a constraint; Django's `AddConstraint`.
    public static func addConstraint(_ model: String, _ constraint: ModelConstraint) -> MigrationOperation {
        MigrationOperation(.addConstraint(model, constraint))
    }

    /// Removes a constraint; Django's `RemoveConstraint`.
    public static func removeConstraint(_ model: String, _ constraint: String) -> MigrationOperation {
        MigrationOperation(.removeConstraint(model, constraint))
    }

    /// Replaces all lists of columns whose values together occur once; Django's `AlterUniqueTogether`.
    public static func alterUniqueTogether(_ model: String, _ columns: [[String]]) -> MigrationOperation {
        MigrationOperation(.alterUniqueTogether(model, columns))
    }

    // MARK: Other statements

    /// Runs statements of the application; Django's `RunSQL`.
    ///
    /// - Parameters:
    ///   - statements: One statement each.
    ///   - reverse: The statements that undo them. Without them, the migration cannot be undone.
    public static func runSQL(_ statements: String..., reverse: [String]? = nil) -> MigrationOperation {
        MigrationOperation(.runSQL(statements, reverse: reverse))
    }

    /// Runs a statement of the application, and another one to undo it; Django's `RunSQL`.
    public static func runSQL(_ statement: String, reverse: String) -> MigrationOperation {
        MigrationOperation(.runSQL([statement], reverse: [reverse]))
    }

    /// Runs a step that changes rows; Django's `RunPython`.
    ///
    /// ```swift
    /// .run { database, tables in
    ///     try await database.execute("UPDATE gallery_photo SET slug = LOWER(caption)")
    /// }
    /// ```
    ///
    /// - Parameters:
    ///   - forward: The step.
    ///   - reverse: The step that undoes it. Without it, the migration cannot be undone. A step that does nothing is
    ///     `{ _, _ in }`.
    public static func run(forward: @escaping DataStep, reverse: DataStep? = nil) -> MigrationOperation {
        MigrationOperation(.run(forward: forward, reverse: reverse))
    }
}

extension ModelIndex {
    /// Returns an index for a migration.
    ///
    /// - Parameters:
    ///   - name: The name in the database.
    ///   - columns: The columns. A hyphen before a name reverses the order: `-created_at`.
    ///   - condition: The condition of the rows in the index as SQL, or nil for all rows.
    public static func index(_ name: String, _ columns: [String], where condition: String? = nil) -> ModelIndex {
        ModelIndex(
            name: name,
            columns: columns.map {
                $0.hasPrefix("-") ? ColumnOrder(String($0.dropFirst()), isDescending: true) : ColumnOrder($0)
            }, condition: condition)
    }
}

extension ModelConstraint {
    /// Returns a constraint for a migration: the values of the columns together occur once.
    ///
    /// - Parameters:
    ///   - name: The name in the database.
    ///   - columns: The columns.
    ///   - condition: The condition of the rows that count as SQL, or nil for all rows.
    public static func unique(_ name: String, _ columns: [String], where condition: String? = nil) -> ModelConstraint {
        ModelConstraint(name: name, .unique(columns, condition: condition))
    }

    /// Returns a constraint for a migration: each row satisfies the condition, which is SQL.
    public static func check(_ name: String, _ condition: String) -> ModelConstraint {
        ModelConstraint(name: name, .check(condition))
    }
}
