package import StraitDatabase

extension Database {
    /// Stores the values of a form: as a new row, or as changes of a row.
    ///
    /// - Parameters:
    ///   - values: The fields and their new values.
    ///   - others: Further changes, which take precedence.
    ///   - path: The path of the columns in them.
    ///   - instance: The row to change, or nil for a new row.
    package func store<M: Model>(
        _ values: [(field: ModelField, value: any DatabaseConvertible)], _ others: [Assignment<M>],
        of path: JoinPath = JoinPath(), in instance: M?
    ) async throws -> M {
        let table = M.table
        var nodes: [String: ExpressionNode] = [:]
        for (field, value) in values { nodes[field.column] = ExpressionNode(.value(try field.fitted(value), nil)) }
        for other in others {
            let (field, node) = try other.fitted()
            nodes[field.column] = node
        }
        for field in table.fields {
            if field.autoNow == .save || field.autoNow == .create && instance == nil {
                nodes[field.column] = ExpressionNode(.value(CurrentTime.value(now(), for: field.kind), nil))
            } else if instance == nil, nodes[field.column] == nil, let initial = field.defaultValue {
                nodes[field.column] = ExpressionNode(.value(try field.fitted(initial.value()), nil))
            } else if instance == nil, nodes[field.column] == nil, field.isBlank, !field.isOptional, field.kind.isText {
                nodes[field.column] = ExpressionNode(.value("", nil))
            }
        }
        let writer = QueryWriter(QueryState(M.statements, path), engine: engine)
        let columns = table.fields.map(\.column).filter { nodes[$0] != nil }
        var sql: SQL
        if let instance {
            sql = "UPDATE \(identifier: table.name(for: engine)) SET "
            for (index, column) in columns.enumerated() {
                sql.append((index > 0 ? ", " : "") + SQL.quoted(column) + " = ")
                if let node = nodes[column] { writer.write(node, to: &sql) }
            }
            // A form without changes has nothing to store.
            if columns.isEmpty {
                sql.append("\(identifier: table.primaryKey.column) = \(identifier: table.primaryKey.column)" as SQL)
            }
            sql.append(" WHERE \(identifier: table.primaryKey.column) = \(instance.id)" as SQL)
        } else if columns.isEmpty {
            sql = "INSERT INTO \(identifier: table.name(for: engine)) DEFAULT VALUES"
        } else {
            sql = "INSERT INTO \(identifier: table.name(for: engine)) ("
            sql.append(columns.map(SQL.quoted).joined(separator: ", ") + ") VALUES (")
            for (index, column) in columns.enumerated() {
                if index > 0 { sql.append(", ") }
                if let node = nodes[column] { writer.write(node, to: &sql) }
            }
            sql.append(")")
        }
        if let mistake = writer.mistake { throw mistake }
        if writer.hasJoins { throw QueryError.joinedColumn }
        sql.append(" RETURNING " + table.columnNames.map(SQL.quoted).joined(separator: ", "))
        let rows = try await query(sql, isWrite: true) { row throws(DatabaseError) in try M(row: row, at: 0) }
        guard let row = rows.first else { throw QueryError.doesNotExist("\(M.self)") }
        return row
    }
}
