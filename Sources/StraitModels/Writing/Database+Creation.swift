internal import FoundationEssentials
public import StraitDatabase

extension Database {
    /// Stores a new row and returns it with its ID; Django's `create`.
    ///
    /// - Throws: ``DatabaseError``, such as ``DatabaseError/Code/unique``; `CancellationError`.
    public func create<Draft: ModelDraft>(_ draft: Draft) async throws -> Draft.OwnerModel {
        let insert = InsertStatement(statements: Draft.OwnerModel.statements, now: now(), engine: engine)
        let rows = try await query(try insert.sql([draft.fieldValues]), isWrite: true) { row throws(DatabaseError) in
            try Draft.OwnerModel(row: row, at: 0)
        }
        guard let row = rows.first else {
            throw DatabaseError(
                .other, "The database returned no row for the INSERT into \(Draft.OwnerModel.table.name).")
        }
        return row
    }

    /// Stores new rows with as few statements as possible, all or none, and returns them; Django's `bulk_create`.
    ///
    /// - Parameters:
    ///   - drafts: The rows.
    ///   - rule: The treatment of rows that violate a unique constraint. Rows that are left out are not returned.
    /// - Throws: ``/StraitModels/QueryError/foreignColumn(_:)`` for a rule with a column of another model;
    ///   ``DatabaseError``; `CancellationError`.
    public func create<Draft: ModelDraft>(
        all drafts: [Draft], onConflict rule: ConflictRule<Draft.OwnerModel> = .fail
    ) async throws -> [Draft.OwnerModel] {
        let insert = InsertStatement(statements: Draft.OwnerModel.statements, now: now(), engine: engine)
        var rows: [Draft.OwnerModel] = []
        func store(_ part: ArraySlice<Draft>, in database: Database) async throws -> [Draft.OwnerModel] {
            let sql = try insert.sql(part.map(\.fieldValues), conflict: rule.clause)
            return try await database.query(sql, isWrite: true) { row throws(DatabaseError) in
                try Draft.OwnerModel(row: row, at: 0)
            }
        }
        if let mistake = rule.mistake { throw mistake }
        if drafts.isEmpty { return [] }
        // A row without columns has its own statement.
        let size = insert.statements.newValues.isEmpty ? 1 : insert.maximumRows
        if drafts.count <= size { return try await store(drafts[...], in: self) }
        try await atomic { database in
            for start in stride(from: 0, to: drafts.count, by: size) {
                rows += try await store(drafts[start..<min(start + size, drafts.count)], in: database)
            }
        }
        return rows
    }

    /// Returns the only row of a query, or stores a new one; Django's `get_or_create`. If another caller stores the
    /// same row at the same time, that row is returned.
    ///
    /// - Returns: The row, and whether it is new.
    /// - Throws: ``/StraitModels/QueryError/multipleObjects(_:)``; ``DatabaseError``; `CancellationError`.
    public func getOrCreate<Draft: ModelDraft>(
        _ query: QuerySet<Draft.OwnerModel>, _ draft: Draft
    ) async throws -> (row: Draft.OwnerModel, isNew: Bool) {
        if let row = try await onlyRow(query) { return (row, false) }
        do {
            return (try await atomic { try await $0.create(draft) }, true)
        } catch let error as DatabaseError where error.code == .unique {
            guard let row = try await onlyRow(query) else { throw error }
            return (row, false)
        }
    }

    /// Changes the only row of a query, or stores a new one; Django's `update_or_create`.
    ///
    /// - Returns: The row, and whether it is new.
    /// - Throws: ``/StraitModels/QueryError/multipleObjects(_:)``; ``DatabaseError``; `CancellationError`.
    public func updateOrCreate<Draft: ModelDraft>(
        _ query: QuerySet<Draft.OwnerModel>, _ draft: Draft, change: @Sendable (inout Draft.OwnerModel) -> Void
    ) async throws -> (row: Draft.OwnerModel, isNew: Bool) {
        try await atomic { database in
            let (found, isNew) = try await database.getOrCreate(query.lockedForUpdate(), draft)
            if isNew { return (found, true) }
            var row = found
            change(&row)
            return (try await database.save(row), false)
        }
    }

    private func onlyRow<M: Model>(_ query: QuerySet<M>) async throws -> M? {
        let rows = try await query[..<2].all(in: self)
        guard rows.count < 2 else { throw QueryError.multipleObjects("\(M.self)") }
        return rows.first
    }
}

/// The treatment of new rows that violate a unique constraint.
public struct ConflictRule<M: Model>: Sendable {
    let clause: SQL
    /// The mistake in the columns.
    var mistake: QueryError?

    /// Throws ``/StraitDatabase/DatabaseError/Code/unique``. No row is stored.
    public static var fail: ConflictRule { ConflictRule(clause: "") }

    /// Leaves the row out; Django's `ignore_conflicts`.
    public static var ignore: ConflictRule { ConflictRule(clause: " ON CONFLICT DO NOTHING") }

    /// Changes the stored row; Django's `update_conflicts`.
    ///
    /// - Parameters:
    ///   - columns: The columns that get the new row's values.
    ///   - unique: The columns of the unique constraint.
    public static func update(
        _ columns: (M.Columns) -> [any Expression], unique: (M.Columns) -> [any Expression]
    ) -> ConflictRule {
        let names: [String]
        let keys: [String]
        do throws(QueryError) {
            names = try M.columnNames(columns).map(SQL.quoted)
            keys = try M.columnNames(unique).map(SQL.quoted)
        } catch {
            return ConflictRule(clause: "", mistake: error)
        }
        let changes = names.map { "\($0) = EXCLUDED.\($0)" }.joined(separator: ", ")
        return ConflictRule(
            clause: SQL(trusted: " ON CONFLICT(\(keys.joined(separator: ", "))) DO UPDATE SET \(changes)"))
    }
}
