/// The writer of a query's SQL. It joins each table that a condition or an order needs, once for each way to it.
struct QueryWriter {
    private let table: String
    private var joins: [JoinPath] = []

    init(table: String) {
        self.table = table
    }

    /// The text of a column, with its table or the alias of its join.
    mutating func column(_ name: String, _ path: JoinPath) -> String {
        SQL.quoted(alias(of: path)) + "." + SQL.quoted(name)
    }

    private mutating func alias(of path: JoinPath) -> String {
        guard !path.steps.isEmpty else { return table }
        if let index = joins.firstIndex(of: path) { return "T\(index + 1)" }
        var before = path
        before.steps.removeLast()
        _ = alias(of: before)
        joins.append(path)
        return "T\(joins.count)"
    }

    /// The tables, after all columns have been written.
    var tables: SQL {
        var text = SQL.quoted(table)
        for (index, path) in joins.enumerated() {
            guard let step = path.steps.last else { continue }
            var before = path
            before.steps.removeLast()
            let source = joins.firstIndex(of: before).map { "T\($0 + 1)" } ?? table
            let alias = SQL.quoted("T\(index + 1)")
            text += path.isOptional ? " LEFT OUTER JOIN " : " INNER JOIN "
            text +=
                SQL.quoted(step.table) + " AS " + alias + " ON " + SQL.quoted(source) + "." + SQL.quoted(step.column)
            text += " = " + alias + ".\"id\""
        }
        return SQL(trusted: text)
    }

    mutating func sql(_ node: ExpressionNode) -> SQL {
        switch node.kind {
        case .column(let name, let path, _): return SQL(trusted: column(name, path))
        case .value(let value): return SQL(pieces: [.value(value)])
        case .binary(let left, let operation, let right):
            return "(\(sql(left)) \(SQL(trusted: operation)) \(sql(right)))"
        case .list(let left, let values):
            var list: SQL = values.isEmpty ? "SELECT NULL WHERE 1 = 0" : ""
            for (index, value) in values.enumerated() {
                if index > 0 { list.pieces.append(.text(", ")) }
                list.pieces.append(.value(value))
            }
            return "\(sql(left)) IN (\(list))"
        case .isNull(let inner): return "\(sql(inner)) IS NULL"
        case .like(let inner, let pattern): return "\(sql(inner)) LIKE \(pattern) ESCAPE '\\'"
        case .not(let inner):
            // NULL would make the negation NULL too, and remove rows that do not satisfy the condition.
            var text = sql(inner)
            for column in inner.optionalColumns { text = "\(text) AND \(sql(column)) IS NOT NULL" }
            return "NOT (\(text))"
        }
    }
}
