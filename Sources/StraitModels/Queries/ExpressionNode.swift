import StraitDatabase

/// An expression as a tree, from which the SQL of a query is made.
public struct ExpressionNode: Sendable {
    indirect enum Kind: Sendable {
        case column(String, JoinPath, isOptional: Bool)
        /// All columns of a table, in their order. It occurs only in the list of columns to read.
        case columns(ModelStatements, JoinPath)
        /// A constant. The kind is given if the database cannot infer the type from the other operand.
        case value(any DatabaseConvertible, FieldKind?)
        /// A calculation with a value.
        case calculation(SQLTemplate)
        /// A calculation that is true, false or, if a column is empty, `NULL`.
        case comparison(SQLTemplate)
        case isNull(ExpressionNode)
        /// A condition that no row satisfies.
        case never
        case all([ExpressionNode])
        case any([ExpressionNode])
        case not(ExpressionNode)
    }

    let kind: Kind
    /// Whether the expression itself is an aggregate function.
    private let isAggregate: Bool
    /// Whether the tree contains an aggregate function, outside of subqueries.
    let hasAggregate: Bool

    init(_ kind: Kind, isAggregate: Bool = false) {
        self.kind = kind
        self.isAggregate = isAggregate
        hasAggregate =
            isAggregate
            || {
                switch kind {
                case .column, .columns, .value, .never: false
                case .calculation(let template), .comparison(let template):
                    template.nodes.contains(where: \.hasAggregate)
                case .isNull(let node), .not(let node): node.hasAggregate
                case .all(let nodes), .any(let nodes): nodes.contains(where: \.hasAggregate)
                }
            }()
    }

    /// Creates a constant whose type is known to the database.
    static func value<Value: ModelValue>(_ value: Value) -> ExpressionNode {
        ExpressionNode(.value(value, Value.fieldKind))
    }

    static func calculation(_ template: SQLTemplate) -> ExpressionNode { ExpressionNode(.calculation(template)) }
    static func comparison(_ template: SQLTemplate) -> ExpressionNode { ExpressionNode(.comparison(template)) }

    /// The name of the column, if the expression is a column of the query's own table.
    var columnName: String? {
        guard case .column(let name, let path, _) = kind, path.steps.isEmpty else { return nil }
        return name
    }

    /// Whether no row satisfies the condition, whatever is stored.
    var isNever: Bool {
        switch kind {
        case .never: true
        case .all(let nodes): nodes.contains(where: \.isNever)
        case .any(let nodes): nodes.allSatisfy(\.isNever)
        default: false
        }
    }

    /// Whether the expression is true or false in each row, or `NULL`.
    var isCondition: Bool {
        switch kind {
        case .comparison, .isNull, .never, .all, .any, .not: true
        case .column, .columns, .value, .calculation: false
        }
    }

    /// The expression for places that read, store or sort its value. A condition on an empty column is false there,
    /// and not `NULL`.
    var result: ExpressionNode { isCondition && isUncertain ? .calculation("COALESCE(\(self), FALSE)") : self }

    /// Whether a condition may be `NULL`.
    private var isUncertain: Bool {
        switch kind {
        case .isNull, .never: false
        case .not(let node): node.isUncertain
        case .all(let nodes), .any(let nodes): nodes.contains(where: \.isUncertain)
        case .comparison, .column, .columns, .value, .calculation: true
        }
    }

    /// Whether ``result`` may be `NULL`. That of a calculation may, such as a value in JSON that is not there.
    var mayBeNull: Bool {
        switch kind {
        case .column(_, let path, let isOptional): isOptional || path.isOptional
        case .calculation: true
        case .value(let value, _): (try? value.databaseValue(for: .sqlite)) == .null
        case .columns, .comparison, .isNull, .never, .all, .any, .not: false
        }
    }

    /// The columns in the tree that may be `NULL`, and aggregates, which are without rows.
    var optionalColumns: [ExpressionNode] {
        switch kind {
        case .column(_, let path, let isOptional): isOptional || path.isOptional ? [self] : []
        case .columns, .value, .never, .isNull, .not: []
        case .calculation(let template) where template.handlesNull: []
        case .calculation where isAggregate: [self]
        case .calculation(let template), .comparison(let template): template.nodes.flatMap(\.optionalColumns)
        case .all(let nodes), .any(let nodes): nodes.flatMap(\.optionalColumns)
        }
    }
}

/// SQL with expressions in it: `"LOWER(\(node))"`. Interpolated nodes are written by the query, so that values become
/// parameters.
struct SQLTemplate: Sendable, ExpressibleByStringInterpolation {
    indirect enum Part: Sendable {
        case text(String)
        case engines(sqlite: String, postgreSQL: String)
        case onSQLite(SQLTemplate)
        case node(ExpressionNode)
        case values([any DatabaseConvertible])
        case subquery(@Sendable (QueryWriter) -> SQL)
    }

    var parts: [Part]
    /// Whether the value may be there although a column is empty.
    var handlesNull = false

    /// The expressions in the text.
    var nodes: [ExpressionNode] {
        parts.compactMap { part in
            if case .node(let node) = part { return node }
            return nil
        }
    }

    init(parts: [Part]) { self.parts = parts }
    init(stringLiteral text: StaticString) { parts = [.text("\(text)")] }
    init(stringInterpolation: StringInterpolation) { parts = stringInterpolation.parts }

    struct StringInterpolation: StringInterpolationProtocol {
        typealias StringLiteralType = StaticString

        var parts: [Part] = []

        init(literalCapacity: Int, interpolationCount: Int) {}

        mutating func appendLiteral(_ literal: StaticString) { parts.append(.text("\(literal)")) }
        mutating func appendInterpolation(_ node: ExpressionNode) { parts.append(.node(node)) }
        mutating func appendInterpolation(_ expression: some Expression) { parts.append(.node(expression.node)) }
        /// Inserts a constant whose type the database infers.
        mutating func appendInterpolation(value: any DatabaseConvertible) {
            parts.append(.node(ExpressionNode(.value(value, nil))))
        }
        /// Inserts constants with commas between them.
        mutating func appendInterpolation(list values: [any DatabaseConvertible]) { parts.append(.values(values)) }
        mutating func appendInterpolation(sqlite: StaticString, postgreSQL: StaticString) {
            parts.append(.engines(sqlite: "\(sqlite)", postgreSQL: "\(postgreSQL)"))
        }
        /// Inserts SQL for SQLite only, after a comma.
        mutating func appendInterpolation(onSQLite template: SQLTemplate) {
            parts.append(.onSQLite(SQLTemplate(parts: [.text(", ")] + template.parts)))
        }
        /// Inserts SQL for PostgreSQL only, and a comma.
        mutating func appendInterpolation(onPostgreSQL text: StaticString) {
            parts.append(.engines(sqlite: "", postgreSQL: "\(text), "))
        }
        mutating func appendInterpolation(subquery: @escaping @Sendable (QueryWriter) -> SQL) {
            parts.append(.subquery(subquery))
        }
    }
}
