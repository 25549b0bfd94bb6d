import StraitDatabase
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

    /// Returns the SQL of a condition or an expression.
    ///
    /// - Parameter isNegated: Whether the result is negated. A comparison with `NULL` is then false, not `NULL`, so
    ///   that the negation is true; Django does the same.
    mutating func sql(_ node: ExpressionNode, isNegated: Bool = false) -> SQL {
        switch node.kind {
        case .column(let name, let path, _): return SQL(trusted: column(name, path))
        case .value(let value): return SQL(pieces: [.value(value)])
        case .binary(let left, let operation, let right):
            let isLogical = operation == "AND" || operation == "OR"
            let (first, second) = (
                sql(left, isNegated: isLogical && isNegated), sql(right, isNegated: isLogical && isNegated)
            )
            let text: SQL = "(\(first) \(SQL(trusted: operation)) \(second))"
            return isLogical ? text : guarded(text, node, isNegated)
        case .list(let left, let values):
            return guarded("\(sql(left)) IN (\(SQL.list(values)))", node, isNegated)
        case .isNull(let inner): return "\(sql(inner)) IS NULL"
        case .like(let inner, let pattern):
            return guarded("\(sql(inner)) LIKE \(pattern) ESCAPE '\\'", node, isNegated)
        case .not(let inner): return "NOT (\(sql(inner, isNegated: !isNegated)))"
        }
    }

    /// Returns a comparison that is false if one of its columns is `NULL`, if it is negated.
    private mutating func guarded(_ comparison: SQL, _ node: ExpressionNode, _ isNegated: Bool) -> SQL {
        guard isNegated, !node.optionalColumns.isEmpty else { return comparison }
        var text = comparison
        for column in node.optionalColumns { text = "\(text) AND \(sql(column)) IS NOT NULL" }
        return "(\(text))"
    }
}
