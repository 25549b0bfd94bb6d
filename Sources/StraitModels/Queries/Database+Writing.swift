public import StraitDatabase
extension Database {
    /// Stores a new row and returns it with its ID; Django's `create`.
    ///
    /// - Throws: ``DatabaseError``, such as ``DatabaseError/Code/unique``; `CancellationError`.
    public func create<Draft: ModelDraft>(_ draft: Draft) async throws -> Draft.Owner {
        let table = Draft.Owner.table
        let columns = table.fields.map { SQL.quoted($0.column) }.joined(separator: ", ")
        let all = table.columnNames.map(SQL.quoted).joined(separator: ", ")
        var sql = SQL(trusted: "INSERT INTO \(SQL.quoted(table.name)) ")
        if table.fields.isEmpty {
            sql.pieces.append(.text("DEFAULT VALUES"))
        } else {
            sql = "\(sql)\(SQL(trusted: "(\(columns))")) VALUES (\(SQL.list(draft.fieldValues)))"
        }
        sql.pieces.append(.text(" RETURNING \(all)"))
        let rows = try await query(sql, isWrite: true) { row throws(DatabaseError) in try Draft.Owner(row: row) }
        guard let row = rows.first else {
            throw DatabaseError(.other, "The database returned no row for the INSERT into \(table.name).")
        }
        return row
    }

    /// Stores all fields of a changed row; Django's `save`.
    ///
    /// - Throws: ``QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    public func save<M: Model>(_ model: M) async throws {
        var sql = SQL(trusted: "UPDATE \(SQL.quoted(M.table.name)) SET ")
        for (index, (field, value)) in zip(M.table.fields, model.fieldValues).enumerated() {
            sql.pieces.append(.text((index > 0 ? ", " : "") + SQL.quoted(field.column) + " = "))
            sql.pieces.append(.value(value))
        }
        sql.pieces.append(.text(" WHERE \"id\" = "))
        sql.pieces.append(.value(model.id))
        guard try await execute(sql) > 0 else { throw QueryError.doesNotExist("\(M.self)") }
    }

    /// Deletes a row. Does nothing if it was deleted before. Foreign keys to it apply the rule of the table in the
    /// database.
    ///
    /// - Throws: ``DatabaseError``, such as ``DatabaseError/Code/foreignKey``; `CancellationError`.
    public func delete<M: Model>(_ model: M) async throws {
        try await execute("DELETE FROM \(identifier: M.table.name) WHERE \"id\" = \(model.id)")
    }
}
