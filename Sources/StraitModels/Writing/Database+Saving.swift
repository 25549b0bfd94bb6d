internal import FoundationEssentials
public import StraitDatabase

extension Database {
    /// Stores all fields of a changed row, and returns it as stored; Django's `save`.
    ///
    /// - Throws: ``/StraitModels/QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    @discardableResult
    public func save<M: Model>(_ model: M) async throws -> M {
        try await save(model, columns: nil)
    }

    /// Stores some fields of a changed row, and returns it as stored; Django's `save` with `update_fields`. Fields with
    /// `@AutoNow` are stored too.
    ///
    /// - Throws: ``/StraitModels/QueryError/doesNotExist(_:)`` if the row was deleted meanwhile;
    ///   ``/StraitModels/QueryError/foreignColumn(_:)`` for a column of another model; ``DatabaseError``;
    ///   `CancellationError`.
    @discardableResult
    public func save<M: Model>(_ model: M, only columns: (M.Columns) -> [any Expression]) async throws -> M {
        try await save(model, columns: try M.columnNames(columns))
    }

    private func save<M: Model>(_ model: M, columns: [String]?) async throws -> M {
        let table = M.table
        var sql: SQL = "UPDATE "
        sql.append(SQL.quoted(M.statements.name(for: engine)) + " SET ")
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
        sql.append(M.statements.returning)
        let rows = try await query(sql, isWrite: true) { row throws(DatabaseError) in try M(row: row, at: 0) }
        guard let row = rows.first else { throw QueryError.doesNotExist("\(M.self)") }
        return row
    }

    /// Stores some fields of changed rows with as few statements as possible; Django's `bulk_update`.
    ///
    /// - Returns: The number of rows, without those that were deleted meanwhile.
    /// - Throws: ``/StraitModels/QueryError/foreignColumn(_:)`` for a column of another model; ``DatabaseError``;
    ///   `CancellationError`.
    @discardableResult
    public func save<M: Model>(all models: [M], only columns: (M.Columns) -> [any Expression]) async throws -> Int {
        let table = M.table
        let names = try M.columnNames(columns)
        let fields = table.fields.enumerated().filter {
            names.contains($0.element.column) && !$0.element.isPrimaryKey
        }
        if models.isEmpty || fields.isEmpty { return 0 }
        let size = max(1, (engine == .sqlite ? 32_000 : 65_000) / (2 * fields.count + 1))
        func statement(_ part: ArraySlice<M>) throws(DatabaseError) -> SQL {
            var sql: SQL = "UPDATE "
            sql.append(SQL.quoted(M.statements.name(for: engine)) + " SET ")
            let key = SQL.quoted(table.primaryKey.column)
            let values = part.map(\.fieldValues)
            for (place, (index, field)) in fields.enumerated() {
                // Without the cast, PostgreSQL takes the constants for text.
                sql.append(
                    (place > 0 ? ", " : "") + SQL.quoted(field.column) + " = " + (engine == .sqlite ? "" : "CAST(")
                        + "CASE " + key)
                for (row, values) in zip(part, values) {
                    sql.append(" WHEN ")
                    sql.append(value: row.id)
                    sql.append(" THEN ")
                    sql.append(value: try field.fitted(values[index]))
                }
                // The assignment checks the length and the digits, which a cast to the column's type would cut.
                let key = field.reference?.table?().primaryKey.kind ?? .bigAuto
                let type = field.kind.isReference ? key.postgresCast : field.kind.postgresCast
                sql.append(engine == .sqlite ? " END" : " END AS \(type))")
            }
            sql.append(" WHERE " + key + " IN (")
            sql.append(SQL.list(part.map(\.id)))
            sql.append(")")
            return sql
        }
        if models.count <= size { return try await execute(try statement(models[...])) }
        return try await atomic { database in
            var count = 0
            for start in stride(from: 0, to: models.count, by: size) {
                count += try await database.execute(try statement(models[start..<min(start + size, models.count)]))
            }
            return count
        }
    }

    /// Reads a row again; Django's `refresh_from_db`.
    ///
    /// - Throws: ``/StraitModels/QueryError/doesNotExist(_:)`` if the row was deleted meanwhile; ``DatabaseError``;
    ///   `CancellationError`.
    public func refresh<M: Model>(_ model: M) async throws -> M {
        let query = M.objects
        let key = query.state.key
        return try await query.filter { _ in Condition("\(key) = \(value: model.id)") }.get(in: self)
    }
}

extension Model {
    /// Returns the names of columns of the model.
    ///
    /// - Throws: ``QueryError/foreignColumn(_:)`` for a column of another model, and for a calculation.
    static func columnNames(_ columns: (Columns) -> [any Expression]) throws(QueryError) -> [String] {
        var names: [String] = []
        for column in columns(Columns(path: JoinPath())) {
            guard let name = column.node.columnName else {
                throw .foreignColumn(column.node.anyColumnName ?? "of a calculation")
            }
            names.append(name)
        }
        return names
    }
}
