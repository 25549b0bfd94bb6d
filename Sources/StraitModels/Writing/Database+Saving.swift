internal import FoundationEssentials
public import StraitDatabase

extension Database {
    /// Stores all fields of a changed row, and returns it as stored; Django's `save`.
    ///
    /// - Throws: ``QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    @discardableResult
    public func save<M: Model>(_ model: M) async throws -> M {
        try await save(model, columns: nil)
    }

    /// Stores some fields of a changed row, and returns it as stored; Django's `save` with `update_fields`. Fields with
    /// `@AutoNow` are stored too.
    ///
    /// - Throws: ``QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    @discardableResult
    public func save<M: Model>(_ model: M, only columns: (M.Columns) -> [any Expression]) async throws -> M {
        try await save(model, columns: columns(M.Columns(path: JoinPath())).compactMap(\.node.columnName))
    }

    private func save<M: Model>(_ model: M, columns: [String]?) async throws -> M {
        let table = M.table
        var sql: SQL = "UPDATE "
        sql.append(SQL.quoted(table.name) + " SET ")
        var isFirst = true
        let values = model.fieldValues
        for (field, value) in zip(table.fields, values) where !field.isPrimaryKey {
            guard columns?.contains(field.column) ?? true || field.autoNow == .save else { continue }
            sql.append((isFirst ? "" : ", ") + SQL.quoted(field.column) + " = ")
            sql.append(
                value: field.autoNow == .save ? CurrentTime.value(now(), for: field.kind) : try field.fitted(value))
            isFirst = false
        }
        // A model without other fields has nothing to store.
        if isFirst { sql.append("\(SQL.quoted(table.primaryKey.column)) = \(SQL.quoted(table.primaryKey.column))") }
        sql.append(" WHERE \(SQL.quoted(table.primaryKey.column)) = ")
        sql.append(value: model.id)
        sql.append(" RETURNING " + table.columnNames.map(SQL.quoted).joined(separator: ", "))
        let rows = try await query(sql, isWrite: true) { row throws(DatabaseError) in try M(row: row, at: 0) }
        guard let row = rows.first else { throw QueryError.doesNotExist("\(M.self)") }
        return row
    }

    /// Reads a row again; Django's `refresh_from_db`.
    ///
    /// - Throws: ``QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    public func refresh<M: Model>(_ model: M) async throws -> M {
        try await M.objects.filter { _ in Condition("\(QuerySet<M>.keyColumn) = \(value: model.id)") }.get(in: self)
    }
}
