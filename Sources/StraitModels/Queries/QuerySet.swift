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
    private var conditions: [Condition] = []
    private var orders: [Order] = []
    private var offset = 0
    private var limit: Int?
    /// The first mistake in making the query, which is thrown when it runs.
    private var mistake: QueryError?

    init() {}

    /// Keeps the rows that satisfy a condition.
    public func filter(_ condition: (M.Columns) -> Condition) -> QuerySet {
        var copy = afterSlice("filter")
        copy.conditions.append(condition(M.Columns(path: JoinPath())))
        return copy
    }

    /// Removes the rows that satisfy a condition.
    public func exclude(_ condition: (M.Columns) -> Condition) -> QuerySet {
        filter { !condition($0) }
    }

    /// Sorts the rows, in place of an earlier order. Django's `order_by`.
    public func order(_ orders: (M.Columns) -> [Order]) -> QuerySet {
        var copy = afterSlice("order")
        copy.orders = orders(M.Columns(path: JoinPath()))
        return copy
    }

    /// The rows in a range of the result.
    public subscript(range: Range<Int>) -> QuerySet {
        var copy = sliced(from: range.lowerBound)
        if copy.mistake != nil { return copy }
        let end = limit.map { min(range.upperBound, $0) } ?? range.upperBound
        copy.limit = max(0, end - range.lowerBound)
        return copy
    }

    /// The first rows of the result.
    public subscript(range: PartialRangeUpTo<Int>) -> QuerySet { self[0..<range.upperBound] }

    /// The rows of the result from an index on.
    public subscript(range: PartialRangeFrom<Int>) -> QuerySet {
        sliced(from: range.lowerBound)
    }

    private func sliced(from start: Int) -> QuerySet {
        var copy = self
        let (sum, overflow) = offset.addingReportingOverflow(start)
        guard start >= 0, !overflow else {
            copy.mistake = mistake ?? .invalidSlice(start)
            return copy
        }
        copy.offset = sum
        copy.limit = limit.map { max(0, $0 - start) }
        return copy
    }

    /// Returns this query. It is a mistake if the query is already a slice.
    private func afterSlice(_ method: String) -> QuerySet {
        guard limit != nil || offset > 0 else { return self }
        var copy = self
        copy.mistake = mistake ?? .sliced(method)
        return copy
    }

    // MARK: SQL

    /// The statement that reads the rows.
    public var sql: SQL {
        var writer = QueryWriter(table: M.table.name)
        let tail = clauses(&writer)
        var sql = SQL(trusted: "SELECT ")
        for (index, name) in M.table.columnNames.enumerated() {
            sql.pieces.append(.text((index > 0 ? ", " : "") + writer.column(name, JoinPath())))
        }
        return "\(sql) FROM \(writer.tables)\(tail)\(ordering(&writer))\(slice)" as SQL
    }

    /// The statement that counts the rows.
    private var countSQL: SQL {
        var writer = QueryWriter(table: M.table.name)
        let tail = clauses(&writer)
        if limit == nil, offset == 0 { return "SELECT COUNT(*) FROM \(writer.tables)\(tail)" }
        return "SELECT COUNT(*) FROM (SELECT 1 FROM \(writer.tables)\(tail)\(slice)) AS rows" as SQL
    }

    private func clauses(_ writer: inout QueryWriter) -> SQL {
        // Written first, because a condition or an order may join a table.
        for order in orders { _ = writer.sql(order.node) }
        guard let first = conditions.first else { return "" }
        let all = conditions.dropFirst().reduce(first) { $0 && $1 }
        return " WHERE \(writer.sql(all.node))"
    }

    private func ordering(_ writer: inout QueryWriter) -> SQL {
        var sql: SQL = ""
        for (index, order) in orders.enumerated() {
            sql = "\(sql)\(SQL(trusted: index == 0 ? " ORDER BY " : ", "))\(writer.sql(order.node))"
            if order.isDescending { sql = "\(sql) DESC" }
        }
        return sql
    }

    private var slice: SQL {
        switch (limit, offset) {
        case (nil, 0): ""
        case (let limit?, 0): " LIMIT \(limit)"
        case (let limit, let offset): " LIMIT \(limit ?? Int.max) OFFSET \(offset)"
        }
    }

    // MARK: Results

    /// Returns all rows.
    ///
    /// - Throws: ``DatabaseError``; `CancellationError`.
    public func all(in database: Database) async throws -> [M] {
        if let mistake { throw mistake }
        return try await database.query(sql) { row throws(DatabaseError) in try M(row: row) }
    }

    /// Returns the first row, or nil if there is none. Without an order, the rows are sorted by ID, as in Django.
    public func first(in database: Database) async throws -> M? {
        var query = self
        if orders.isEmpty, limit == nil, offset == 0 {
            query.orders = [Order(node: Column<ModelID<M>>("id", at: JoinPath()).node, isDescending: false)]
        }
        return try await query[..<1].all(in: database).first
    }

    /// Returns the only row.
    ///
    /// - Throws: ``QueryError`` if there is none, or more than one.
    public func get(in database: Database) async throws -> M {
        let rows = try await self[..<2].all(in: database)
        guard rows.count < 2 else { throw QueryError.multipleObjects("\(M.self)") }
        guard let row = rows.first else { throw QueryError.doesNotExist("\(M.self)") }
        return row
    }

    /// Returns the number of rows.
    public func count(in database: Database) async throws -> Int {
        if let mistake { throw mistake }
        let counts = try await database.query(countSQL) { row throws(DatabaseError) in try row.read(0) as Int }
        return counts.first ?? 0
    }

    /// Whether there is a row.
    public func exists(in database: Database) async throws -> Bool {
        try await self[..<1].count(in: database) > 0
    }
}

/// The order of a query by one expression.
public struct Order: Sendable {
    let node: ExpressionNode
    let isDescending: Bool
}

extension Expression {
    /// The smallest value first.
    public var ascending: Order { Order(node: node, isDescending: false) }
    /// The greatest value first. Django's `-name`.
    public var descending: Order { Order(node: node, isDescending: true) }
}

extension Model {
    /// All rows, the start of a query; Django's `objects`.
    public static var objects: QuerySet<Self> { QuerySet() }
}

/// An error of a query.
public enum QueryError: Error, Hashable, CustomStringConvertible {
    /// The row does not exist; Django's `DoesNotExist`.
    case doesNotExist(String)
    /// More than one row satisfies the conditions; Django's `MultipleObjectsReturned`.
    case multipleObjects(String)
    /// A method was called on a slice, whose rows it would change.
    case sliced(String)
    /// A slice begins before the first row.
    case invalidSlice(Int)

    /// The problem and its solution.
    public var description: String {
        switch self {
        case .doesNotExist(let model): "The \(model) does not exist. Use first() if that is no error."
        case .multipleObjects(let model): "More than one \(model) satisfies the conditions. Use first() or all()."
        case .sliced(let method): "\(method) cannot follow a slice. Call \(method) first, and then take the slice."
        case .invalidSlice(let start): "A slice cannot begin at \(start). Begin at 0 or later."
        }
    }
}
