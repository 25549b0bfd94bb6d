public import StraitDatabase

/// A change of a column by ``QuerySet/update(in:_:)``.
public struct Assignment<M: Model>: Sendable {
    /// The name of the column; empty if it belongs to another model.
    package let column: String
    /// The name of the column in any model, for errors.
    private let name: String
    private let node: ExpressionNode

    fileprivate init(_ column: ExpressionNode, _ node: ExpressionNode) {
        self.column = column.columnName ?? ""
        name = column.anyColumnName ?? ""
        self.node = node
    }

    /// Returns the field and its value. A constant has the digits of the column.
    ///
    /// - Throws: ``QueryError/foreignColumn(_:)`` if the column belongs to another model;
    ///   ``/StraitDatabase/DatabaseError/Code/value`` if a number has too many digits.
    func fitted() throws -> (field: ModelField, node: ExpressionNode) {
        guard let field = M.table.fields.first(where: { $0.column == column }) else {
            throw QueryError.foreignColumn(name)
        }
        guard case .value(let value, let kind) = node.kind else { return (field, node.result) }
        return (field, ExpressionNode(.value(try field.fitted(value), kind)))
    }
}

extension ExpressionNode {
    /// The name of the column, in any table.
    var anyColumnName: String? {
        if case .column(let name, _, _) = kind { return name }
        return nil
    }
}

extension Column {
    /// Changes the column to a value.
    public func set<M: Model>(to value: Value) -> Assignment<M> {
        Assignment(node, ExpressionNode(.value(value, nil)))
    }

    /// Changes the column to the value of an expression: `$0.likes.set(to: $0.likes + 1)`.
    public func set<M: Model, E: Expression>(to expression: E) -> Assignment<M> where E.Value.Base == Value.Base {
        Assignment(node, expression.node)
    }
}

extension ForeignKeyColumn {
    /// Changes the foreign key.
    public func set<M: Model>(to id: Target.ID) -> Assignment<M> {
        Assignment(node, ExpressionNode(.value(id, nil)))
    }
}

extension OptionalForeignKeyColumn {
    /// Changes or empties the foreign key.
    public func set<M: Model>(to id: Target.ID?) -> Assignment<M> {
        Assignment(node, ExpressionNode(.value(id, nil)))
    }
}

extension QuerySet {
    /// Changes all rows with one statement, and returns their number; Django's `update`. Fields with `@AutoNow` keep
    /// their values, as in Django.
    ///
    /// ```swift
    /// try await Photo.objects.filter { $0.id == id }.update(in: database) { [$0.likes.set(to: $0.likes + 1)] }
    /// ```
    ///
    /// - Throws: ``QueryError`` for a mistake in the query; ``/StraitDatabase/DatabaseError``; `CancellationError`.
    @discardableResult
    public func update(in database: Database, _ changes: (M.Columns) -> [Assignment<M>]) async throws -> Int {
        let (state, columns) = renewed
        let changes = changes(columns)
        if changes.isEmpty { return 0 }
        return try await database.execute(try updateSQL(changes, state, for: database.engine))
    }

    /// Changes all rows with one statement, and returns them as stored.
    ///
    /// - Throws: ``QueryError`` for a mistake in the query; ``/StraitDatabase/DatabaseError``; `CancellationError`.
    public func updateReturning(
        in database: Database, _ changes: (M.Columns) -> [Assignment<M>]
    ) async throws -> [M] {
        let (state, columns) = renewed
        let changes = changes(columns)
        if changes.isEmpty { return try await all(in: database) }
        var sql = try updateSQL(changes, state, for: database.engine)
        sql.append(M.statements.returning)
        return try await database.query(sql, isWrite: true) { row throws(DatabaseError) in try M(row: row, at: 0) }
    }

    private func updateSQL(
        _ changes: [Assignment<M>], _ state: QueryState, for engine: DatabaseEngine
    ) throws -> SQL {
        if let mistake = state.mistake { throw mistake }
        if state.isSlice { throw QueryError.sliced("update") }
        if !state.combinations.isEmpty { throw QueryError.combined("update") }
        if !state.distinctOn.isEmpty { throw QueryError.distinct("update") }
        let writer = QueryWriter(state, engine: engine)
        var sql: SQL = "UPDATE "
        sql.append(SQL.quoted(M.statements.name(for: engine)) + " SET ")
        for (index, change) in changes.enumerated() {
            let (field, node) = try change.fitted()
            sql.append((index > 0 ? ", " : "") + SQL.quoted(field.column) + " = ")
            if case .value(let value, _) = node.kind {
                sql.append(value: value)
            } else {
                writer.write(node, to: &sql)
            }
        }
        if let mistake = writer.mistake { throw mistake }
        if writer.hasJoins { throw QueryError.joinedColumn }
        sql.append(writer.ownConditions(of: state))
        if let mistake = writer.mistake { throw mistake }
        return sql
    }
}

extension QueryWriter {
    /// Returns the conditions of an `UPDATE` or `DELETE`, which cannot join tables or have aggregates: those are in a
    /// subquery.
    func ownConditions(of state: QueryState) -> SQL {
        var conditions: SQL = ""
        state.writeConditions(self, to: &conditions)
        guard hasJoins || state.hasGroups else { return conditions }
        var inner = state
        inner.orders = []
        var sql: SQL = " WHERE "
        sql.append(SQL.quoted(state.statements.key) + " IN (")
        sql.append(inner.select([inner.key], QueryWriter(inner, engine: engine)))
        sql.append(")")
        return sql
    }
}
