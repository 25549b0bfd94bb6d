public import StraitDatabase

extension QuerySet {
    /// Returns all rows.
    ///
    /// - Throws: ``QueryError`` for a mistake in the query; ``/StraitDatabase/DatabaseError``; `CancellationError`.
    public func all(in database: Database) async throws -> [M] {
        if state.isEmpty { return [] }
        return try await database.query(try sql(for: database.engine), isWrite: state.lock != nil) {
            row throws(DatabaseError) in
            try M(row: row, at: 0)
        }
    }

    /// Returns the first row, or nil if there is none. Without an order, the rows are sorted by ID, as in Django.
    public func first(in database: Database) async throws -> M? {
        var query = self
        if state.effectiveOrders.isEmpty, !state.isSlice {
            query.state.orders = [Order(node: state.key, isDescending: false)]
        }
        return try await query[..<1].all(in: database).first
    }

    /// Returns the last row, or nil if there is none. Without an order, the rows are sorted by ID.
    public func last(in database: Database) async throws -> M? {
        try await reversed.first(in: database)
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

    /// Returns the rows with these IDs by ID; Django's `in_bulk`.
    public func all(withIDs ids: [M.ID], in database: Database) async throws -> [M.ID: M] {
        let key: Column<M.ID> = Column(node: state.key)
        var rows: [M.ID: M] = [:]
        for start in stride(from: 0, to: ids.count, by: 500) {
            let part = ids[start..<min(start + 500, ids.count)]
            let condition: SQLTemplate = "\(key) IN (\(list: Array(part)))"
            for row in try await filter({ _ in Condition(condition) }).all(in: database) { rows[row.id] = row }
        }
        return rows
    }

    /// Returns the number of rows.
    public func count(in database: Database) async throws -> Int {
        if state.isEmpty { return 0 }
        return try await database.query(try countSQL(database.engine)) { row throws(DatabaseError) in
            try row.read(0) as Int
        }
        .first ?? 0
    }

    /// Whether there is a row.
    public func exists(in database: Database) async throws -> Bool {
        if state.isEmpty { return false }
        var query = self
        query.state.orders = []
        let sql = try query[..<1].state.select([query.state.existence], for: database.engine)
        return try await !database.query(sql) { row throws(DatabaseError) in true }.isEmpty
    }

    /// Whether the query returns this row; Django's `contains`.
    public func contains(_ row: M, in database: Database) async throws -> Bool {
        let key = state.key
        return try await filter { _ in Condition("\(key) = \(value: row.id)") }.exists(in: database)
    }

    /// Returns the database's plan for the query as text, one step in a line; Django's `explain`.
    public func explain(in database: Database) async throws -> String {
        let sql = try sql(for: database.engine)
        let lines = try await database.query(
            database.engine == .sqlite ? "EXPLAIN QUERY PLAN \(sql)" : "EXPLAIN \(sql)"
        ) { row throws(DatabaseError) in try row.text(row.count - 1) }
        return lines.joined(separator: "\n")
    }

    private func countSQL(_ engine: DatabaseEngine) throws(QueryError) -> SQL {
        var state = state
        state.orders = []
        // Rows cannot be locked by an aggregate.
        state.lock = nil
        if state.isPlain {
            return try state.select([.calculation("COUNT(*)")], for: engine)
        }
        let columns = state.isDistinct || !state.combinations.isEmpty ? [state.allColumns] : [state.key]
        return "SELECT COUNT(*) FROM (\(try state.select(columns, for: engine))) AS \"rows\""
    }
}
