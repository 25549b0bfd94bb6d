import StraitDatabase

/// A query inside another one; Django's `Subquery`. Columns of the query around it can be used in its conditions;
/// Django's `OuterRef`.
///
/// ```swift
/// let photos = User.objects.annotate { user in
///     Subquery.count(Photo.objects.filter { $0.owner == user.id })
/// }
/// ```
public enum Subquery {
    /// The number of rows of a query.
    public static func count<M: Model>(_ query: QuerySet<M>) -> Calculation<Int> {
        var state = query.state
        state.orders = []
        state.lock = nil
        let inner = state
        if inner.isPlain { return Calculation("(\(subquery: { inner.subquery([.calculation("COUNT(*)")], $0) }))") }
        let row = inner.isDistinct || !inner.combinations.isEmpty ? inner.allColumns : inner.key
        return Calculation("(SELECT COUNT(*) FROM (\(subquery: { inner.subquery([row], $0) })) AS \"rows\")")
    }

    /// The first value of a query for one column, or nil without rows.
    public static func value<M: Model, Value: ModelValue>(_ query: Selection<M, Value>) -> Calculation<Value.Base?> {
        let (inner, nodes) = (query[..<1].state, query.nodes)
        return Calculation("(\(subquery: { inner.subquery(nodes, $0) }))")
    }
}

extension Condition {
    /// The query has a row; Django's `Exists`.
    ///
    /// ```swift
    /// let authors = User.objects.filter { user in .exists(Photo.objects.filter { $0.owner == user.id }) }
    /// ```
    public static func exists<M: Model>(_ query: QuerySet<M>) -> Condition {
        var state = query.state
        state.orders = []
        let inner = state
        return Condition("EXISTS (\(subquery: { inner.subquery([inner.existence], $0) }))")
    }
}

extension Expression {
    /// The value is one of those that a query returns. Django's `in` with a query.
    public func isIn<M: Model, Other: ModelValue>(_ query: Selection<M, Other>) -> Condition
    where Other.Base == Value.Base {
        let (inner, nodes) = (query.state, query.nodes)
        guard nodes.contains(where: \.mayBeNull) else {
            return Condition("\(self) IN (\(subquery: { inner.subquery(nodes, $0) }))")
        }
        // With an empty value in the list, `NOT IN` is true for no row. A condition inside of the query would change
        // the rows that it reads.
        return Condition(
            """
            \(self) IN (SELECT "value" FROM (\(subquery: { inner.subquery(nodes, $0, name: "value") })) AS "values" \
            WHERE "value" IS NOT NULL)
            """)
    }

    /// The ID is that of a row of a query. Django's `in` with a query.
    public func isIn<M: Model>(_ query: QuerySet<M>) -> Condition where M.ID == Value.Base {
        let inner = query.state
        return Condition("\(self) IN (\(subquery: { inner.subquery([inner.key], $0) }))")
    }
}

extension QueryState {
    /// Returns the SQL of the query inside another one.
    func subquery(_ nodes: [ExpressionNode], _ outer: QueryWriter, name: String? = nil) -> SQL {
        if let mistake { outer.note(mistake) }
        return select(nodes, QueryWriter(self, engine: outer.engine, outer: outer), name: name)
    }
}
