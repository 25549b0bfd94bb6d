public import StraitDatabase

extension QuerySet {
    /// Deletes the rows, and applies the rules of the foreign keys that refer to them; Django's `delete`.
    ///
    /// - Returns: The number of deleted rows of each model.
    /// - Throws: ``QueryError/protected(_:by:)``; ``/StraitDatabase/DatabaseError``; `CancellationError`.
    @discardableResult
    public func delete(in database: Database) async throws -> DeletedRows {
        if let mistake = state.mistake { throw mistake }
        if state.isSlice { throw QueryError.sliced("delete") }
        if !state.combinations.isEmpty { throw QueryError.combined("delete") }
        if !state.distinctOn.isEmpty { throw QueryError.distinct("delete") }
        let registry = database.models
        guard registry.hasReferences(to: M.modelName) else {
            let writer = QueryWriter(state, engine: database.engine)
            var sql: SQL = "DELETE FROM "
            sql.append(SQL.quoted(M.table.name(for: database.engine)))
            sql.append(writer.ownConditions(of: state))
            if let mistake = writer.mistake { throw mistake }
            return DeletedRows([M.modelName: try await database.execute(sql)])
        }
        return try await database.atomic { database in
            var query = state
            query.orders = []
            let sql = try query.select([query.key], for: database.engine)
            let keys = try await database.query(sql, isWrite: true) { row throws(DatabaseError) in row[0] }
            let deletion = Deletion(database, registry)
            return try await deletion.delete(M.table, keys)
        }
    }
}

extension Database {
    /// Deletes a row, and applies the rules of the foreign keys that refer to it; Django's `delete`. Does nothing if
    /// the row was deleted before.
    ///
    /// - Returns: The number of deleted rows of each model.
    /// - Throws: ``/StraitModels/QueryError/protected(_:by:)``; ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func delete<M: Model>(_ model: M) async throws -> DeletedRows {
        let id = try model.id.databaseValue(for: engine)
        let registry = models
        return try await atomic { try await Deletion($0, registry).delete(M.table, [id]) }
    }
}

/// The numbers of rows that a deletion has deleted.
public struct DeletedRows: Sendable, Hashable {
    /// The number of rows of each model.
    public let byModel: [ModelName: Int]
    /// The number of all rows.
    public var count: Int { byModel.values.reduce(0, +) }

    init(_ byModel: [ModelName: Int]) { self.byModel = byModel.filter { $0.value > 0 } }
}

extension ModelTable {
    /// Whether the deletion of a row has to know its ID, because a foreign key of it restricts other deletions.
    fileprivate var hasRestriction: Bool { fields.contains { $0.reference?.onDelete == .restrict } }
}

/// A deletion of rows with the rows that refer to them; Django's `Collector`.
private final class Deletion {
    /// The maximum number of keys in one statement.
    private static let batch = 500

    /// Rows of a table whose column has one of the keys.
    private struct Rows {
        let table: ModelTable
        let column: String
        let keys: [DatabaseValue]
    }

    private let database: Database
    private let registry: ModelRegistry
    /// The rows to delete, in the order in which they were found: those that refer to others are later.
    private var deletions: [Rows] = []
    private var known: [ModelName: Set<DatabaseValue>] = [:]
    /// The rows whose foreign keys change before, with the new values.
    private var updates: [(rows: Rows, value: DatabaseValue)] = []
    /// The rows that may only be deleted by a cascade, with the models that they refer to.
    private var restricted: [(rows: Rows, target: ModelName)] = []

    init(_ database: Database, _ registry: ModelRegistry) {
        self.database = database
        self.registry = registry
    }

    func delete(_ table: ModelTable, _ keys: [DatabaseValue]) async throws -> DeletedRows {
        try await collect(table, keys)
        for (rows, target) in restricted {
            let deleted = known[rows.table.model] ?? []
            guard rows.keys.allSatisfy(deleted.contains) else {
                throw QueryError.protected(target.name, by: rows.table.model.name)
            }
        }
        for (rows, value) in updates {
            try await forEachBatch(rows.keys) { keys in
                try await database.execute(
                    """
                    UPDATE \(identifier: name(rows)) SET \(identifier: rows.column) = \(value) \
                    WHERE \(identifier: rows.column) IN (\(list: keys))
                    """)
            }
        }
        var counts: [ModelName: Int] = [:]
        for rows in deletions.reversed() {
            try await forEachBatch(rows.keys) { keys in
                counts[rows.table.model, default: 0] += try await database.execute(
                    "DELETE FROM \(identifier: name(rows)) WHERE \(identifier: rows.column) IN (\(list: keys))")
            }
        }
        return DeletedRows(counts)
    }

    private func collect(_ table: ModelTable, _ keys: [DatabaseValue]) async throws {
        let new = keys.filter { known[table.model, default: []].insert($0).inserted }
        guard !new.isEmpty else { return }
        deletions.append(Rows(table: table, column: table.primaryKey.column, keys: new))
        for (other, field) in registry.references(to: table.model) {
            let rows = Rows(table: other, column: field.column, keys: new)
            switch field.reference?.onDelete {
            case .cascade where !registry.hasReferences(to: other.model) && !other.hasRestriction:
                deletions.append(rows)
            case .cascade: try await collect(other, try await ids(of: rows))
            case .protect:
                guard try await ids(of: rows).isEmpty else {
                    throw QueryError.protected(table.model.name, by: other.model.name)
                }
            case .restrict:
                let ids = try await ids(of: rows)
                restricted.append((Rows(table: other, column: field.column, keys: ids), table.model))
            case .setNull: updates.append((rows, .null))
            case .setDefault:
                if case .value(let value)? = field.databaseDefault?.content { updates.append((rows, value)) }
            case .doNothing, nil: break
            }
        }
    }

    private func name(_ rows: Rows) -> String { rows.table.name(for: database.engine) }

    /// Returns the primary keys of rows.
    private func ids(of rows: Rows) async throws -> [DatabaseValue] {
        var ids: [DatabaseValue] = []
        try await forEachBatch(rows.keys) { keys in
            ids += try await database.query(
                """
                SELECT \(identifier: rows.table.primaryKey.column) FROM \(identifier: name(rows)) WHERE \
                \(identifier: rows.column) IN (\(list: keys))
                """, isWrite: true
            ) { row throws(DatabaseError) in row[0] }
        }
        return ids
    }

    private func forEachBatch(_ keys: [DatabaseValue], _ body: ([DatabaseValue]) async throws -> Void) async throws {
        for start in stride(from: 0, to: keys.count, by: Self.batch) {
            try await body(Array(keys[start..<min(start + Self.batch, keys.count)]))
        }
    }
}
