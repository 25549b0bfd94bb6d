/// The path of foreign keys from a query's table to another table. It is empty for the query's own table.
public struct JoinPath: Hashable, Sendable {
    /// A foreign key on the way.
    struct Step: Hashable, Sendable {
        /// The column of the foreign key.
        let column: String
        /// The table that it refers to, and the column of its primary key.
        let table: TableName
        let key: String
        /// Whether the foreign key may be empty.
        let isOptional: Bool
    }

    /// The identity of the query whose table is the start.
    let root: QueryRoot
    private(set) var steps: [Step] = []

    /// Creates the path to the table of a new query.
    public init() { root = QueryRoot() }

    /// The path without its last step.
    var parent: JoinPath {
        var path = self
        path.steps.removeLast()
        return path
    }

    func appending(_ step: Step) -> JoinPath {
        var path = self
        path.steps.append(step)
        return path
    }

    /// Whether a row at the end may be missing, because a foreign key on the way may be empty.
    var isOptional: Bool { steps.contains(where: \.isOptional) }
}

/// The identity of a query. It distinguishes the columns of a subquery from those of the query around it. Each call
/// of a method with a closure gives the query a new one, because the closure may use the same query as a subquery.
final class QueryRoot: Hashable, Sendable {
    static func == (left: QueryRoot, right: QueryRoot) -> Bool { left === right }
    func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
