import StraitCore
import FoundationEssentials
import StraitDatabase

/// The writer of a query's SQL for an engine. It joins each table that a condition or an order needs, once for each
/// path to it. A subquery has its own writer, which finds columns of the enclosing query through that query's writer.
final class QueryWriter {
    let engine: DatabaseEngine
    private let roots: [QueryRoot]
    private let table: String
    /// The name of the query's own table in the statement.
    let alias: String
    /// The writer of the query around this one.
    let outer: QueryWriter?
    private var joins: [(path: JoinPath, alias: String)] = []
    /// The number of aliases so far, counted by the outermost writer.
    private var aliases = 0
    /// The first mistake in the query, noted by the outermost writer.
    private(set) var mistake: QueryError?
    /// Whether the SQL is part of a table's definition: columns without tables, and constants in the text.
    private let isSchema: Bool

    init(_ state: QueryState, engine: DatabaseEngine, outer: QueryWriter? = nil, isSchema: Bool = false) {
        self.engine = engine
        self.outer = outer
        self.isSchema = isSchema
        roots = state.roots
        table = state.statements.name(for: engine)
        alias = outer.map { $0.newAlias() } ?? table
    }

    private func newAlias() -> String {
        if let outer { return outer.newAlias() }
        repeat { aliases += 1 } while "T\(aliases)" == table
        return "T\(aliases)"
    }

    func note(_ problem: QueryError) {
        if let outer { return outer.note(problem) }
        mistake = mistake ?? problem
    }

    // MARK: Tables

    /// The text of a column, with its table or the alias of its join.
    func column(_ name: String, _ path: JoinPath) -> String {
        if isSchema {
            if !path.steps.isEmpty { note(.foreignColumn(name)) }
            return SQL.quoted(name)
        }
        guard let alias = table(of: path) else {
            note(.foreignColumn(name))
            return SQL.quoted(name)
        }
        return SQL.quoted(alias) + "." + SQL.quoted(name)
    }

    /// The text of all columns of a table.
    private func columns(_ statements: ModelStatements, _ path: JoinPath) -> String {
        guard let alias = table(of: path) else {
            note(.foreignColumn(statements.key))
            return statements.columns(of: statements.name(for: engine))
        }
        return statements.columns(of: alias)
    }

    /// The name in the statement of the table at the end of a path, or nil if it belongs to another query.
    private func table(of path: JoinPath) -> String? {
        var writer = self
        while !writer.roots.contains(path.root) {
            guard let outer = writer.outer else { return nil }
            writer = outer
        }
        return writer.alias(of: path)
    }

    private func alias(of path: JoinPath) -> String {
        guard !path.steps.isEmpty else { return alias }
        if let join = joins.first(where: { $0.path.steps == path.steps }) { return join.alias }
        _ = alias(of: path.parent)
        let name = newAlias()
        joins.append((path, name))
        return name
    }

    /// Whether the query needs another table.
    var hasJoins: Bool { !joins.isEmpty }

    /// The tables, after all columns have been written.
    var tables: String {
        var text = SQL.quoted(table)
        if alias != table { text += " AS " + SQL.quoted(alias) }
        for (path, name) in joins {
            guard let step = path.steps.last else { continue }
            let source = alias(of: path.parent)
            text += path.isOptional ? " LEFT OUTER JOIN " : " INNER JOIN "
            text += "\(SQL.quoted(step.table.text(for: engine))) AS \(SQL.quoted(name)) ON "
            text += "\(SQL.quoted(source)).\(SQL.quoted(step.column)) = \(SQL.quoted(name)).\(SQL.quoted(step.key))"
        }
        return text
    }

    // MARK: Expressions

    /// Adds the SQL of an expression.
    ///
    /// - Parameter isNegated: Whether the result is negated. A comparison with `NULL` is then false, not `NULL`, so
    ///   that the negation is true; Django does the same.
    func write(_ node: ExpressionNode, to sql: inout SQL, isNegated: Bool = false) {
        switch node.kind {
        case .column(let name, let path, _): sql.append(column(name, path))
        case .columns(let statements, let path): sql.append(columns(statements, path))
        case .value(let value, let kind): write(value, kind, to: &sql)
        case .calculation(let template): write(template, to: &sql)
        case .comparison(let template):
            let optional = isNegated ? node.optionalColumns : []
            if !optional.isEmpty { sql.append("(") }
            // `a = b = c` is no comparison of a condition with another one.
            write(template, to: &sql, enclosesConditions: template.parts.count > 1)
            for column in optional {
                sql.append(" AND ")
                write(column, to: &sql)
                sql.append(" IS NOT NULL")
            }
            if !optional.isEmpty { sql.append(")") }
        case .never: sql.append("1 = 0")
        case .isNull(let inner):
            write(inner, to: &sql, isEnclosed: inner.isCondition)
            sql.append(" IS NULL")
        case .not(let inner):
            if case .isNull(let column) = inner.kind {
                write(column, to: &sql, isEnclosed: column.isCondition)
                return sql.append(" IS NOT NULL")
            }
            sql.append("NOT (")
            write(inner, to: &sql, isNegated: !isNegated)
            sql.append(")")
        case .all(let nodes): write(nodes, " AND ", to: &sql, isNegated)
        case .any(let nodes): write(nodes, " OR ", to: &sql, isNegated)
        }
    }

    private func write(_ nodes: [ExpressionNode], _ separator: String, to sql: inout SQL, _ isNegated: Bool) {
        sql.append("(")
        for (index, node) in nodes.enumerated() {
            if index > 0 { sql.append(separator) }
            write(node, to: &sql, isNegated: isNegated)
        }
        sql.append(")")
    }

    /// Adds the SQL of an expression, in parentheses if it is enclosed.
    private func write(_ node: ExpressionNode, to sql: inout SQL, isEnclosed: Bool) {
        if isEnclosed { sql.append("(") }
        write(node, to: &sql)
        if isEnclosed { sql.append(")") }
    }

    private func write(_ template: SQLTemplate, to sql: inout SQL, enclosesConditions: Bool = false) {
        for part in template.parts {
            switch part {
            case .text(let text): sql.append(text)
            case .engines(let sqlite, let postgreSQL): sql.append(engine == .sqlite ? sqlite : postgreSQL)
            case .node(let node): write(node, to: &sql, isEnclosed: enclosesConditions && node.isCondition)
            case .onSQLite(let inner): if engine == .sqlite { write(inner, to: &sql) }
            case .values(let values): write(values, to: &sql)
            case .subquery(let subquery):
                if isSchema { note(.invalidValue("The definition of a table cannot have a query. Use columns only.")) }
                sql.append(subquery(self))
            }
        }
    }

    private func write(_ values: [any DatabaseConvertible], to sql: inout SQL) {
        if isSchema || engine == .sqlite && values.first is Decimal {
            for (index, value) in values.enumerated() {
                if index > 0 { sql.append(", ") }
                write(value, nil, to: &sql)
            }
        } else {
            sql.append(SQL.list(values))
        }
    }

    private func write(_ value: any DatabaseConvertible, _ kind: FieldKind?, to sql: inout SQL) {
        if isSchema {
            if let flag = value as? Bool { return sql.append(flag ? "TRUE" : "FALSE") }
            do throws(DatabaseError) {
                let value = try value.databaseValue(for: engine)
                if case .double(let number) = value, !number.isFinite {
                    note(.invalidValue("The definition of a table cannot have the number \(number)."))
                }
                sql.append(value.literal)
            } catch {
                note(.invalidValue(error.description))
            }
        } else if engine == .sqlite, value is Decimal {
            // An expression has no type in SQLite, and text is greater than any number.
            sql.append("CAST(")
            sql.append(value: value)
            sql.append(" AS NUMERIC)")
        } else {
            sql.append(value: value)
            if engine == .postgreSQL, let kind { sql.append("::" + kind.postgresCast) }
        }
    }
}

extension DatabaseValue {
    /// The value as a constant in the text of a statement. Only constants of the program are written so.
    package var literal: String {
        switch self {
        case .null: "NULL"
        case .integer(let number): "\(number)"
        case .double(let number): "\(number)"
        case .text(let text): SQL.literal(text)
        case .bytes(let bytes): "X'" + bytes.hexadecimal + "'"
        }
    }
}

extension Condition {
    /// The condition in the definition of a table, and its mistake. As in Django, its columns have no table.
    var schemaText: (text: String, mistake: QueryError?) {
        let state = QueryState(ModelStatements(ModelTable(ModelName(app: "", name: ""), fields: [])), JoinPath())
        var sql: SQL = ""
        let writer = QueryWriter(state, engine: .sqlite, isSchema: true)
        writer.write(node, to: &sql)
        return (sql.text, writer.mistake)
    }
}
