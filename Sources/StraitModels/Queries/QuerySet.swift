public import StraitDatabase

/// A query for rows of a model; Django's `QuerySet`.
///
/// It is a value: each method returns a changed copy. Nothing runs before ``all(in:)`` or another method with a
/// database.
///
/// ```swift
/// let latest = Photo.objects
///     .filter { $0.owner.username == "ann" && $0.caption.contains("sea") }
///     .order { [$0.createdAt.descending] }
/// let photos = try await latest[..<50].all(in: database)
/// ```
public struct QuerySet<M: Model>: Sendable {
    var state: QueryState

    init() { state = QueryState(M.statements, JoinPath()) }

    func changed(_ method: String, _ change: (inout QueryState, M.Columns) -> Void) -> QuerySet {
        var copy = self
        copy.state.change(method)
        copy.state.renew()
        change(&copy.state, M.Columns(path: copy.state.path))
        return copy
    }

    /// Keeps the rows that satisfy a condition. A condition with an aggregate applies to groups (`HAVING`).
    public func filter(_ condition: (M.Columns) -> Condition) -> QuerySet {
        changed("filter") { $0.conditions.append(condition($1).node) }
    }

    /// Removes the rows that satisfy a condition.
    public func exclude(_ condition: (M.Columns) -> Condition) -> QuerySet {
        changed("exclude") { $0.conditions.append((!condition($1)).node) }
    }

    /// A query without rows, which sends no statement to the database; Django's `none`.
    public var none: QuerySet { filter { _ in .never } }

    /// Sorts the rows, in place of an earlier order and of the model's order. Django's `order_by`.
    public func order(_ orders: (M.Columns) -> [Order]) -> QuerySet {
        changed("order") { $0.orders = orders($1) }
    }

    /// Reverses the order. Without one, the rows are sorted by descending ID.
    public var reversed: QuerySet {
        changed("reversed") { state, _ in
            let orders = state.effectiveOrders
            state.orders = (orders.isEmpty ? [Order(node: state.key, isDescending: false)] : orders).map(\.reversed)
        }
    }

    /// Removes rows that are equal to another row; Django's `distinct`.
    public func distinct() -> QuerySet { changed("distinct") { state, _ in state.isDistinct = true } }

    /// Keeps the first row of those that have the same values in these columns; Django's `distinct` with fields. Only
    /// PostgreSQL has it, and the order has to begin with the same columns.
    public func distinct(on columns: (M.Columns) -> [any Expression]) -> QuerySet {
        changed("distinct") { $0.distinctOn = columns($1).map(\.node) }
    }

    /// Locks the rows until the end of the transaction; Django's `select_for_update`. SQLite ignores it, because a
    /// transaction there locks the database.
    ///
    /// - Parameters:
    ///   - skipsLocked: Whether to leave out rows that another transaction has locked.
    ///   - failsIfLocked: Whether to throw ``/StraitDatabase/DatabaseError/Code/busy`` for such rows instead of
    ///     waiting.
    public func lockedForUpdate(skipsLocked: Bool = false, failsIfLocked: Bool = false) -> QuerySet {
        changed("lockedForUpdate") { state, _ in
            state.lock = QueryState.Lock(skipsLocked: skipsLocked, failsIfLocked: failsIfLocked)
        }
    }

    // MARK: Slices

    /// The rows in a range of the result.
    public subscript(range: Range<Int>) -> QuerySet {
        var copy = self
        copy.state.slice(from: range.lowerBound, to: range.upperBound)
        return copy
    }

    /// The first rows of the result.
    public subscript(range: PartialRangeUpTo<Int>) -> QuerySet { self[0..<max(0, range.upperBound)] }

    /// The rows of the result from an index on.
    public subscript(range: PartialRangeFrom<Int>) -> QuerySet {
        var copy = self
        copy.state.slice(from: range.lowerBound, to: nil)
        return copy
    }

    // MARK: Combinations

    /// The rows of both queries. A row of both occurs once, unless `keepsDuplicates` is true. Only slices and
    /// ``order(_:)`` by columns of the model can follow.
    public func union(_ other: QuerySet, keepsDuplicates: Bool = false) -> QuerySet {
        combined(keepsDuplicates ? "UNION ALL" : "UNION", other)
    }

    /// The rows that both queries have. Only slices and ``order(_:)`` by columns of the model can follow.
    public func intersection(_ other: QuerySet) -> QuerySet { combined("INTERSECT", other) }

    /// The rows that the other query does not have. Only slices and ``order(_:)`` by columns of the model can follow.
    public func difference(_ other: QuerySet) -> QuerySet { combined("EXCEPT", other) }

    private func combined(_ operation: String, _ other: QuerySet) -> QuerySet {
        var copy = self
        if state.isSlice || other.state.isSlice { copy.state.mistake = state.mistake ?? .sliced("union") }
        copy.state.orders = []
        copy.state.mistake = copy.state.mistake ?? other.state.mistake
        var second = other.state
        second.orders = []
        copy.state.combinations.append(QueryState.Combination(operation: operation, state: [second]))
        return copy
    }

    // MARK: SQL

    /// Returns the statement that reads the rows.
    ///
    /// - Throws: The first mistake in the query.
    public func sql(for engine: DatabaseEngine) throws(QueryError) -> SQL {
        try state.select([state.allColumns], for: engine)
    }
}

extension QuerySet: CustomStringConvertible {
    /// The statement for SQLite with its parameters, or the mistake in the query.
    public var description: String {
        do throws(QueryError) { return try sql(for: .sqlite).description } catch { return error.description }
    }
}

extension Model {
    /// All rows, the start of a query; Django's `objects`.
    public static var objects: QuerySet<Self> { QuerySet() }
}
