import StraitDatabase

/// A part of a query with a value: a column, or a calculation on columns; Django's `F` and its functions.
public protocol Expression<Value>: Sendable, ColumnSort, FormColumn {
    /// The type of the value.
    associatedtype Value: ModelValue
    /// The expression as a tree.
    var node: ExpressionNode { get }
}

/// A column of a model's table.
public struct Column<Value: ModelValue>: Expression {
    /// The column as a tree.
    public let node: ExpressionNode

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        node = ExpressionNode(.column(name, path, isOptional: Value.isOptional))
    }

    init(node: ExpressionNode) { self.node = node }
}

/// A calculation on columns.
public struct Calculation<Value: ModelValue>: Expression {
    /// The calculation as a tree.
    public let node: ExpressionNode

    init(_ node: ExpressionNode) { self.node = node }
    init(_ template: SQLTemplate) { node = .calculation(template) }

    /// Creates a calculation that may have a value although a column is `NULL`.
    init(handlingNull template: SQLTemplate) {
        var template = template
        template.handlesNull = true
        node = .calculation(template)
    }
}

/// A field of a model that a form can have: a column, or a many-to-many field.
public protocol FormColumn: Sendable {
    /// The name of the field, or nil for a calculation and for a column of another model.
    var fieldName: FieldName? { get }
}

/// The name by which a form finds a field of its model.
public struct FieldName: Sendable, Hashable {
    /// The name of the column; nil for a many-to-many field.
    package let column: String?
    /// The name of the many-to-many field; nil for a column.
    package let link: String?

    init(column: String? = nil, link: String? = nil) {
        self.column = column
        self.link = link
    }
}

extension Expression {
    /// The name of the field, or nil for a calculation and for a column of another model.
    public var fieldName: FieldName? { node.columnName.map { FieldName(column: $0) } }

    /// The name of the column, if the expression is a column of the query's own table.
    package var columnName: String? { node.columnName }

    /// The same expression, read as an optional. Use it if the value may be missing although the type does not say so,
    /// such as the quotient of a division by zero in SQLite.
    public var optional: Calculation<Value?> { Calculation(node) }

    /// A constant as an expression, such as an alternative of `Calculation.when`.
    public static func constant<Constant: ModelValue>(_ value: Constant) -> Self where Self == Calculation<Constant> {
        Calculation(.value(value))
    }
}

// MARK: Foreign keys

/// The column of a foreign key. Its members are the columns of the other model: `$0.owner.username`.
@dynamicMemberLookup
public struct ForeignKeyColumn<Target: Model>: Expression {
    /// The ID of the other row.
    public typealias Value = Target.ID
    /// The column as a tree.
    public let node: ExpressionNode
    fileprivate let name: String
    /// The way to the row with the foreign key.
    fileprivate let base: JoinPath

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        node = ExpressionNode(.column(name, path, isOptional: false))
        self.name = name
        base = path
    }

    /// The path to the other row. It is created lazily, because the options of a model may use its foreign keys while
    /// its table is being created.
    private var path: JoinPath {
        base.appending(JoinPath.Step(Target.statements, column: name, isOptional: false))
    }

    /// The columns of the row that the foreign key refers to. The query joins its table.
    var target: Target.Columns { Target.Columns(path: path) }

    /// All columns of the row that the foreign key refers to.
    var allTargetColumns: ExpressionNode { ExpressionNode(.columns(Target.statements, path)) }

    /// A column of the row that the foreign key refers to. The query joins its table.
    public subscript<Member>(dynamicMember member: KeyPath<Target.Columns, Member>) -> Member {
        target[keyPath: member]
    }
}

/// The column of a foreign key that may be empty. Its members are the columns of the other model, all of them optional:
/// `$0.boss.name`.
@dynamicMemberLookup
public struct OptionalForeignKeyColumn<Target: Model>: Expression {
    /// The ID of the other row, or nil.
    public typealias Value = Target.ID?
    /// The column as a tree.
    public let node: ExpressionNode
    private let name: String
    private let base: JoinPath
    private let isOptional: Bool

    /// Creates a column. The macro `@Model` does this.
    public init(_ name: String, at path: JoinPath) {
        node = ExpressionNode(.column(name, path, isOptional: true))
        self.name = name
        base = path
        isOptional = true
    }

    /// Creates the column of a foreign key behind another one that may be empty.
    fileprivate init(_ column: ForeignKeyColumn<Target>) {
        node = column.node
        name = column.name
        base = column.base
        isOptional = false
    }

    private var path: JoinPath {
        base.appending(JoinPath.Step(Target.statements, column: name, isOptional: isOptional))
    }

    /// The columns of the row that the foreign key refers to. The query joins its table.
    var target: Target.Columns { Target.Columns(path: path) }

    /// All columns of the row that the foreign key refers to.
    var allTargetColumns: ExpressionNode { ExpressionNode(.columns(Target.statements, path)) }

    /// A column of the row that the foreign key refers to, or nil without a row. The query joins its table.
    public subscript<Member: ModelValue>(
        dynamicMember member: KeyPath<Target.Columns, Column<Member>>
    ) -> Column<Member?> {
        Column(node: target[keyPath: member].node)
    }

    /// A column of the row that the foreign key refers to, or nil without a row. The query joins its table.
    public subscript<Member: ModelValue>(
        dynamicMember member: KeyPath<Target.Columns, Column<Member?>>
    ) -> Column<Member?> {
        target[keyPath: member]
    }

    /// A foreign key of the row that the foreign key refers to.
    public subscript<Other: Model>(
        dynamicMember member: KeyPath<Target.Columns, ForeignKeyColumn<Other>>
    ) -> OptionalForeignKeyColumn<Other> {
        OptionalForeignKeyColumn<Other>(target[keyPath: member])
    }

    /// A foreign key of the row that the foreign key refers to.
    public subscript<Other: Model>(
        dynamicMember member: KeyPath<Target.Columns, OptionalForeignKeyColumn<Other>>
    ) -> OptionalForeignKeyColumn<Other> {
        target[keyPath: member]
    }
}

extension JoinPath.Step {
    init(_ statements: ModelStatements, column: String, isOptional: Bool) {
        self.init(column: column, table: statements.table.storedName, key: statements.key, isOptional: isOptional)
    }
}
