import StraitDatabase

/// The parts of a query, whatever its model and results are.
struct QueryState: Sendable {
    /// A lock on the rows of a result.
    struct Lock: Sendable {
        var skipsLocked = false
        var failsIfLocked = false
    }

    /// A query whose rows are combined with those of this one.
    struct Combination: Sendable {
        let operation: String
        let state: [QueryState]
    }

    let statements: ModelStatements
    /// The start of the paths to the query's columns.
    private(set) var path: JoinPath
    /// The identities that columns of the query have.
    private(set) var roots: [QueryRoot]
    var conditions: [ExpressionNode] = []
    /// The order, or nil for that of the model.
    var orders: [Order]?
    var offset = 0
    var limit: Int?
    var isDistinct = false
    var distinctOn: [ExpressionNode] = []
    var lock: Lock?
    var combinations: [Combination] = []
    /// The first mistake in making the query, which is thrown when it runs.
    var mistake: QueryError?

    init(_ statements: ModelStatements, _ path: JoinPath) {
        self.statements = statements
        self.path = path
        roots = [path.root]
    }

    /// Gives the query another identity.
    mutating func renew() {
        path = JoinPath()
        roots.append(path.root)
    }

    var table: ModelTable { statements.table }

    var isSlice: Bool { limit != nil || offset > 0 }

    /// Whether a condition on an aggregate makes a group of each row (`HAVING`).
    var hasGroups: Bool { conditions.contains(where: \.hasAggregate) }

    /// Whether aggregates over the rows need no subquery.
    var isPlain: Bool { !isSlice && !isDistinct && distinctOn.isEmpty && combinations.isEmpty && !hasGroups }

    /// The expression that is read to learn whether there is a row. The parts of a combination are compared by all of
    /// their columns, and a constant would make one row or one group of all.
    var existence: ExpressionNode {
        combinations.isEmpty && !isDistinct && !hasGroups ? ExpressionNode.calculation("1") : allColumns
    }

    /// Notes that a method cannot follow a slice or a combination of queries.
    mutating func change(_ method: String) {
        if isSlice { mistake = mistake ?? .sliced(method) }
        if !combinations.isEmpty, method != "order" { mistake = mistake ?? .combined(method) }
    }

    mutating func slice(from start: Int, to end: Int?) {
        let (sum, overflow) = offset.addingReportingOverflow(start)
        guard start >= 0, !overflow else {
            mistake = mistake ?? .invalidSlice(start)
            return
        }
        offset = sum
        limit = limit.map { max(0, $0 - start) }
        if let end { limit = min(limit ?? .max, max(0, end - start)) }
    }

    /// Whether the query has no rows, whatever is stored, so that it needs no statement.
    var isEmpty: Bool { mistake == nil && combinations.isEmpty && conditions.contains(where: \.isNever) }

    /// The orders that apply: those of the query, or those of the model.
    var effectiveOrders: [Order] {
        orders
            ?? table.ordering.map { order in
                Order(
                    node: ExpressionNode(
                        .column(
                            order.column, path,
                            isOptional: table.fields.first { $0.column == order.column }?.isOptional ?? false)),
                    isDescending: order.isDescending)
            }
    }

    /// The primary key as an expression.
    var key: ExpressionNode { ExpressionNode(.column(statements.key, path, isOptional: false)) }

    /// All columns of the table as an expression.
    var allColumns: ExpressionNode { ExpressionNode(.columns(statements, path)) }

    // MARK: SQL

    /// Returns the statement that reads `selection`.
    ///
    /// - Throws: The first mistake in the query.
    func select(_ selection: [ExpressionNode], for engine: DatabaseEngine) throws(QueryError) -> SQL {
        if let mistake { throw mistake }
        let writer = QueryWriter(self, engine: engine)
        let sql = select(selection, writer)
        if let mistake = writer.mistake { throw mistake }
        return sql
    }

    /// Returns the SQL that reads `selection`, as a statement or a subquery.
    ///
    /// - Parameter name: The name of the only column of the result; nil for the database's own names.
    func select(_ selection: [ExpressionNode], _ writer: QueryWriter, name: String? = nil) -> SQL {
        let results = selection.map { node in
            var sql: SQL = ""
            writer.write(node.result, to: &sql)
            return sql
        }
        var tail: SQL = ""
        let conjuncts = conditions.flatMap(\.conjuncts)
        writeConditions(conjuncts.filter { !$0.hasAggregate }, " WHERE ", writer, to: &tail)
        let having = conjuncts.filter(\.hasAggregate)
        if selection.contains(where: \.hasAggregate) || !having.isEmpty {
            // By number, because PostgreSQL takes two expressions with parameters for different ones.
            var numbers: [String] = []
            var number = 1
            for node in selection {
                if !node.hasAggregate, !node.isConstant {
                    numbers += (number..<number + node.width).map(String.init)
                }
                number += node.width
            }
            if !numbers.isEmpty { tail.append(" GROUP BY " + numbers.joined(separator: ", ")) }
            writeConditions(having, " HAVING ", writer, to: &tail)
        }
        var order: SQL = ""
        // The model's own order would split groups, and PostgreSQL sorts different values by their own columns only.
        let hasAggregate = selection.contains(where: \.hasAggregate)
        let isGrouped = hasAggregate || isDistinct && !selection.contains(where: \.isRow)
        if combinations.isEmpty {
            let groups = hasAggregate || isDistinct ? zip(selection, results).map { ($0.width, $1) } : []
            writeOrders(isGrouped ? orders ?? [] : effectiveOrders, groups, writer, to: &order)
        } else {
            writeOrderNumbers(selection, writer, to: &order)
        }
        var sql: SQL = "SELECT "
        if !distinctOn.isEmpty {
            if writer.engine == .sqlite { writer.note(.unavailable("distinct(on:)")) }
            sql.append("DISTINCT ON (")
            writer.writeList(distinctOn.map(\.result), to: &sql)
            sql.append(") ")
        } else if isDistinct {
            sql.append("DISTINCT ")
        }
        for (index, result) in results.enumerated() {
            if index > 0 { sql.append(", ") }
            sql.append(result)
        }
        if let name { sql.append(" AS " + SQL.quoted(name)) }
        sql.append(" FROM " + writer.tables)
        sql.append(tail)
        for (index, combination) in combinations.enumerated() {
            // Each operation applies to all before it. The engines would begin with different ones.
            if index > 0 {
                let before = sql
                sql = "SELECT * FROM ("
                sql.append(before)
                sql.append(") AS \"U\(index)\"")
            }
            for state in combination.state {
                let part = QueryWriter(state, engine: writer.engine, outer: writer.outer)
                let statement = state.select(selection.map { state.counterpart(of: $0) }, part)
                sql.append(" \(combination.operation) ")
                if state.combinations.isEmpty {
                    sql.append(statement)
                } else {
                    sql.append("SELECT * FROM (")
                    sql.append(statement)
                    sql.append(") AS \"V\(index)\"")
                }
            }
        }
        sql.append(order)
        writeSlice(to: &sql)
        if let lock, writer.engine == .postgreSQL {
            sql.append(" FOR UPDATE OF " + SQL.quoted(writer.alias))
            if lock.skipsLocked { sql.append(" SKIP LOCKED") }
            if lock.failsIfLocked { sql.append(" NOWAIT") }
        }
        return sql
    }

    /// The same column of this query as `node` is of a query that this one is combined with.
    private func counterpart(of node: ExpressionNode) -> ExpressionNode {
        if case .columns = node.kind { return allColumns }
        guard let name = node.columnName else { return node }
        return ExpressionNode(.column(name, path, isOptional: false))
    }

    private func writeConditions(
        _ conditions: [ExpressionNode], _ keyword: String, _ writer: QueryWriter, to sql: inout SQL
    ) {
        guard let first = conditions.first else { return }
        sql.append(keyword)
        writer.write(conditions.count == 1 ? first : ExpressionNode(.all(conditions)), to: &sql)
    }

    /// Adds the conditions of an `UPDATE` or `DELETE`.
    func writeConditions(_ writer: QueryWriter, to sql: inout SQL) {
        writeConditions(conditions, " WHERE ", writer, to: &sql)
    }

    /// Adds the order.
    ///
    /// - Parameter groups: The widths and the SQL of the results, if only these can be sorted.
    private func writeOrders(_ orders: [Order], _ groups: [(Int, SQL)], _ writer: QueryWriter, to sql: inout SQL) {
        for (index, order) in orders.enumerated() {
            sql.append(index == 0 ? " ORDER BY " : ", ")
            var node: SQL = ""
            writer.write(order.node.result, to: &node)
            if let number = Self.number(of: node, in: groups, writer.engine) {
                sql.append("\(number)")
            } else {
                sql.append(node)
            }
            order.writeDirection(to: &sql)
        }
    }

    /// The number of the result that is equal to an expression with parameters, because PostgreSQL takes two of these
    /// for different ones. Nil without such a result, and for an expression without parameters.
    private static func number(of node: SQL, in groups: [(Int, SQL)], _ engine: DatabaseEngine) -> Int? {
        guard !groups.isEmpty, let (text, values) = try? node.rendered(for: engine), !values.isEmpty else { return nil }
        var number = 1
        for (width, sql) in groups {
            if let result = try? sql.rendered(for: engine), result == (text, values) { return number }
            number += width
        }
        return nil
    }

    /// Adds the order of combined queries, whose columns have numbers and no names.
    private func writeOrderNumbers(_ selection: [ExpressionNode], _ writer: QueryWriter, to sql: inout SQL) {
        let names = selection.flatMap { node in
            if case .columns = node.kind { return statements.table.columnNames.map(Optional.some) }
            return [node.columnName]
        }
        for (index, order) in (orders ?? []).enumerated() {
            let name = order.node.columnName
            let number = names.firstIndex { $0 == name && name != nil }
            if number == nil { writer.note(.combined("order by a value that is not read")) }
            sql.append(index == 0 ? " ORDER BY " : ", ")
            sql.append("\((number ?? 0) + 1)")
            order.writeDirection(to: &sql)
        }
    }

    private func writeSlice(to sql: inout SQL) {
        if limit != nil || offset > 0 {
            sql.append(" LIMIT ")
            sql.append(value: limit ?? Int.max)
        }
        if offset > 0 {
            sql.append(" OFFSET ")
            sql.append(value: offset)
        }
    }
}

extension QueryWriter {
    /// Adds expressions with commas between them.
    func writeList(_ nodes: [ExpressionNode], to sql: inout SQL) {
        for (index, node) in nodes.enumerated() {
            if index > 0 { sql.append(", ") }
            write(node, to: &sql)
        }
    }
}

extension ExpressionNode {
    /// The conditions that all hold if this one does.
    fileprivate var conjuncts: [ExpressionNode] {
        if case .all(let nodes) = kind { return nodes.flatMap(\.conjuncts) }
        return [self]
    }

    /// Whether the expression is all columns of a table.
    fileprivate var isRow: Bool {
        if case .columns = kind { return true }
        return false
    }

    /// The number of columns of the result that the expression has.
    fileprivate var width: Int {
        if case .columns(let statements, _) = kind { return statements.width }
        return 1
    }

    /// Whether the expression is the same for all rows.
    fileprivate var isConstant: Bool {
        if case .value = kind { return true }
        return false
    }
}
