import StraitDatabase
/// A part of a query with a value: a column, or a calculation on columns; Django's `F`.
public protocol Expression<Value>: Sendable {
    /// The type of the value.
    associatedtype Value: ModelValue
    /// The expression as a tree.
    var node: ExpressionNode { get }
}

/// The way from a query's table over foreign keys to another table. It is empty for the query's own table.
public struct JoinPath: Hashable, Sendable {
    /// A foreign key on the way.
    struct Step: Hashable, Sendable {
        let column: String
        let table: String
        let isOptional: Bool
    }

    var steps: [Step] = []

    /// Creates the path to the query's own table.
    public init() {}

    func appending(_ step: Step) -> JoinPath {
        var path = self
        path.steps.append(step)
        return path
    }

    /// Whether a row at the end may be missing, because a foreign key on the way may be empty.
    var isOptional: Bool { steps.contains(where: \.isOptional) }
}

/// An expression as a tree, from which the SQL of a query is made.
public struct ExpressionNode: Sendable {
    indirect enum Kind: Sendable {
        case column(String, JoinPath, isOptional: Bool)
        case value(any DatabaseConvertible)
        case binary(ExpressionNode, String, ExpressionNode)
        case list(ExpressionNode, [any DatabaseConvertible])
        case isNull(ExpressionNode)
        case like(ExpressionNode, pattern: String)
        case not(ExpressionNode)
    }

    let kind: Kind

    init(_ kind: Kind) { self.kind = kind }

    /// The columns in the tree that may be `NULL`.
    var optionalColumns: [ExpressionNode] {
        switch kind {
        case .column(_, let path, let isOptional): isOptional || path.isOptional ? [self] : []
        case .value: []
        case .binary(let left, _, let right): left.optionalColumns + right.optionalColumns
        case .list(let node, _), .like(let node, _): node.optionalColumns
        case .isNull, .not: []
        }
    }
}

/// A column of a model's table.
public struct Column<Value: ModelValue>: Expression {
    /// The column as a tree.
    public let node: ExpressionNode

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        node = ExpressionNode(.column(name, path, isOptional: Value.isOptional))
    }
}

/// The column of a foreign key. Its members are the columns of the other model: `$0.owner.username`.
@dynamicMemberLookup
public struct ForeignKeyColumn<Target: Model, Value: ModelValue>: Expression {
    /// The column as a tree.
    public let node: ExpressionNode
    private let path: JoinPath
    private let name: String

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        node = ExpressionNode(.column(name, path, isOptional: Value.isOptional))
        self.path = path
        self.name = name
    }

    /// A column of the row that the foreign key refers to. The query joins its table.
    public subscript<Member>(dynamicMember member: KeyPath<Target.Columns, Member>) -> Member {
        let step = JoinPath.Step(column: name, table: Target.table.name, isOptional: Value.isOptional)
        return Target.Columns(path: path.appending(step))[keyPath: member]
    }
}
