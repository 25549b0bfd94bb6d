public import StraitDatabase

/// A query for values of some columns, or for rows with calculated values; Django's `values_list` and `annotate`.
///
/// ```swift
/// let captions = try await Photo.objects.select { ($0.id, $0.caption) }.all(in: database)
/// let busy = User.objects.annotate { user in Subquery.count(Photo.objects.filter { $0.owner == user.id }) }
/// for (user, photos) in try await busy.all(in: database) { … }
/// ```
public struct Selection<M: Model, Output: Sendable>: Sendable {
    var state: QueryState
    let nodes: [ExpressionNode]
    let decode: RowDecoder<Output>

    private func changed(_ method: String, _ change: (inout QueryState, M.Columns) -> Void) -> Selection {
        var copy = self
        copy.state.change(method)
        copy.state.renew()
        change(&copy.state, M.Columns(path: copy.state.path))
        return copy
    }

    /// Keeps the rows, or the groups of rows, that satisfy a condition.
    public func filter(_ condition: (M.Columns) -> Condition) -> Selection {
        changed("filter") { $0.conditions.append(condition($1).node) }
    }

    /// Sorts the results, in place of an earlier order.
    public func order(_ orders: (M.Columns) -> [Order]) -> Selection {
        changed("order") { $0.orders = orders($1) }
    }

    /// Removes results that are equal to another one; Django's `distinct`.
    public func distinct() -> Selection { changed("distinct") { state, _ in state.isDistinct = true } }

    /// The results in a range.
    public subscript(range: Range<Int>) -> Selection {
        var copy = self
        copy.state.slice(from: range.lowerBound, to: range.upperBound)
        return copy
    }

    /// The first results.
    public subscript(range: PartialRangeUpTo<Int>) -> Selection { self[0..<max(0, range.upperBound)] }

    /// Returns the statement that reads the results.
    ///
    /// - Throws: The first mistake in the query.
    public func sql(for engine: DatabaseEngine) throws(QueryError) -> SQL { try state.select(nodes, for: engine) }

    /// Returns all results.
    ///
    /// - Throws: ``QueryError`` for a mistake in the query; ``/StraitDatabase/DatabaseError``; `CancellationError`.
    public func all(in database: Database) async throws -> [Output] {
        if state.isEmpty, !nodes.contains(where: \.hasAggregate) { return [] }
        return try await database.query(try sql(for: database.engine), isWrite: state.lock != nil, decode)
    }

    /// Returns the first result, or nil if there is none.
    public func first(in database: Database) async throws -> Output? {
        try await self[..<1].all(in: database).first
    }
}

extension QuerySet {
    /// The query with another identity, and its columns.
    var renewed: (QueryState, M.Columns) {
        var copy = state
        copy.renew()
        return (copy, M.Columns(path: copy.path))
    }

    /// Reads only these columns or calculations, as tuples; Django's `values_list`, `only` and `defer`. If one of
    /// them is an aggregate, the rows are grouped by the others.
    public func select<each E: Expression>(
        _ expressions: (M.Columns) -> (repeat each E)
    ) -> Selection<M, (repeat (each E).Value)> {
        let (state, columns) = renewed
        let chosen = expressions(columns)
        var nodes: [ExpressionNode] = []
        for expression in repeat each chosen { nodes.append(expression.node) }
        return Selection(state: state, nodes: nodes) { row throws(DatabaseError) in
            var index = 0
            return (repeat try (each E).Value.read(row, next: &index))
        }
    }

    /// Reads only one column or calculation; Django's `values_list` with `flat=True`.
    public func select<E: Expression>(_ expression: (M.Columns) -> E) -> Selection<M, E.Value> {
        let (state, columns) = renewed
        return Selection(state: state, nodes: [expression(columns).node]) { row throws(DatabaseError) in
            try E.Value.read(row, at: 0)
        }
    }

    /// Adds calculated values to each row; Django's `annotate`.
    public func annotate<each E: Expression>(
        _ expressions: (M.Columns) -> (repeat each E)
    ) -> Selection<M, (M, repeat (each E).Value)> {
        let (state, columns) = renewed
        let chosen = expressions(columns)
        var nodes = [state.allColumns]
        let first = state.statements.width
        for expression in repeat each chosen { nodes.append(expression.node) }
        return Selection(state: state, nodes: nodes) { row throws(DatabaseError) in
            let model = try M(row: row, at: 0)
            var index = first
            return (model, repeat try (each E).Value.read(row, next: &index))
        }
    }

    /// Reads each row together with the rows that its foreign keys refer to, in one query; Django's `select_related`.
    ///
    /// ```swift
    /// for (photo, owner) in try await Photo.objects.selectRelated { $0.owner }.all(in: database) { … }
    /// ```
    public func selectRelated<each R: RelatedColumn>(
        _ related: (M.Columns) -> (repeat each R)
    ) -> Selection<M, (M, repeat (each R).Row)> {
        let (state, columns) = renewed
        let chosen = related(columns)
        var nodes = [state.allColumns]
        let first = state.statements.width
        for column in repeat each chosen { nodes += column.relatedNodes }
        return Selection(state: state, nodes: nodes) { row throws(DatabaseError) in
            let model = try M(row: row, at: 0)
            var index = first
            return (model, repeat try (each R).readRow(row, next: &index))
        }
    }

    /// Returns aggregates over all rows; Django's `aggregate`.
    ///
    /// ```swift
    /// let (oldest, count) = try await Photo.objects.aggregate(in: database) { ($0.createdAt.min, $0.id.count) }
    /// ```
    public func aggregate<each E: Expression>(
        in database: Database, _ expressions: (M.Columns) -> (repeat each E)
    ) async throws -> (repeat (each E).Value) {
        var query = self
        query.state.orders = []
        query.state.lock = nil
        if !state.isPlain {
            // The aggregates are those of the rows whose IDs the query returns.
            var slice = state
            slice.lock = nil
            let inner = slice
            query = QuerySet()
            let key = query.state.key
            query = query.filter { _ in Condition("\(key) IN (\(subquery: { inner.subquery([inner.key], $0) }))") }
            query.state.orders = []
            query.state.mistake = inner.mistake
        }
        let rows = try await query.select(expressions).all(in: database)
        guard let row = rows.first else { throw QueryError.doesNotExist("\(M.self)") }
        return row
    }
}

extension ModelValue {
    /// Reads the column at `index`, and advances it.
    static func read(_ row: borrowing DatabaseRow, next index: inout Int) throws(DatabaseError) -> Self {
        index += 1
        return try read(row, at: index - 1)
    }
}

/// A foreign key whose row ``QuerySet/selectRelated(_:)`` can read.
public protocol RelatedColumn: Sendable {
    /// The row: the model, or an optional of it.
    associatedtype Row: Sendable
    /// The columns of the row as trees.
    var relatedNodes: [ExpressionNode] { get }
    /// Reads the row from the column at `index` on, and advances the index.
    static func readRow(_ row: borrowing DatabaseRow, next index: inout Int) throws(DatabaseError) -> Row
}

extension ForeignKeyColumn: RelatedColumn {
    /// The columns of the row as trees.
    public var relatedNodes: [ExpressionNode] { [allTargetColumns] }

    /// Reads the row.
    public static func readRow(_ row: borrowing DatabaseRow, next index: inout Int) throws(DatabaseError) -> Target {
        defer { index += Target.statements.width }
        return try Target(row: row, at: index)
    }
}

extension OptionalForeignKeyColumn: RelatedColumn {
    /// The columns of the row as trees.
    public var relatedNodes: [ExpressionNode] { [allTargetColumns] }

    /// Reads the row, or nil if the foreign key is empty.
    public static func readRow(_ row: borrowing DatabaseRow, next index: inout Int) throws(DatabaseError) -> Target? {
        let statements = Target.statements
        defer { index += statements.width }
        return row.isNull(index + statements.keyIndex) ? nil : try Target(row: row, at: index)
    }
}
