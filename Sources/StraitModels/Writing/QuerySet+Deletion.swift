public import StraitDatabase

extension QuerySet {
    /// Deletes the rows, and applies the rules of the foreign keys that refer to them; Django's `delete`.
    ///
    /// - Returns: The numbers of deleted rows.
    /// - Throws: ``QueryError/protected(_:by:)``; ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func delete(in database: Database) async throws -> DeletedRows {
        if let mistake = state.mistake { throw mistake }
        if state.isSlice { throw QueryError.sliced("delete") }
        if !state.combinations.isEmpty { throw QueryError.combined("delete") }
        let registry = database.models
        guard registry.hasReferences(to: M.modelName) else {
            let writer = QueryWriter(state, engine: database.engine)
            var sql: SQL = "DELETE FROM "
            sql.append(SQL.quoted(M.table.name))
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
    /// - Returns: The numbers of deleted rows.
    /// - Throws: ``QueryError/protected(_:by:)``; ``DatabaseError``; `CancellationError`.
    @discardableResult
    public func delete<M: Model>(_ model: M) async throws -> DeletedRows {
        let query = M.objects
        let key = query.state.key
        return try await query.filter { _ in Condition("\(key) = \(value: model.id)") }.delete(in: self)
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

/// A deletion of rows with the rows that refer to them; Django's `Collector`.
private final class Deletion {
    /// The maximum number of keys in one statement.
    private static let batch = 500

    private let database: Database
    private let registry: ModelRegistry
    /// The keys of the rows to delete, by table, in the order in which the tables were found.
    private var found: [(table: ModelTable, keys: [DatabaseValue])] = []
    private var known: [ModelName: Set<DatabaseValue>] = [:]
    /// The foreign keys to change before.
    private var updates: [(table: ModelTable, field: ModelField, keys: [DatabaseValue])] = []
    /// The rows that may only be deleted by a cascade.
    private var restricted: [(table: ModelTable, target: ModelTable, keys: [DatabaseValue])] = []

    init(_ database: Database, _ registry: ModelRegistry) {
        self.database = database
        self.registry = registry
    }

    func delete(_ table: ModelTable, _ keys: [DatabaseValue]) async throws -> DeletedRows {
        try await collect(table, keys)
        for (table, target, keys) in restricted where !keys.allSatisfy({ known[table.model]?.contains($0) ?? false }) {
            throw QueryError.protected(target.model.name, by: table.model.name)
        }
        for (table, field, keys) in updates {
            let value: DatabaseValue? =
                if case .value(let value)? = field.databaseDefault?.content { value } else { nil }
            let isDefault = field.reference?.onDelete == .setDefault
            try await forEachBatch(keys) { keys in
                let assignment: SQL = "\(identifier: field.column) = \(isDefault ? value : nil)"
                try await database.execute(
                    """
                    UPDATE \(identifier: table.name) SET \(assignment) WHERE \
                    \(identifier: table.primaryKey.column) IN (\(list: keys))
                    """)
                return []
            }
        }
        var counts: [ModelName: Int] = [:]
        for (table, keys) in found.reversed() {
            try await forEachBatch(keys) { keys in
                counts[table.model, default: 0] += try await database.execute(
                    """
                    DELETE FROM \(identifier: table.name) WHERE \(identifier: table.primaryKey.column) \
                    IN (\(list: keys))
                    """)
                return []
            }
        }
        return DeletedRows(counts)
    }

    private func collect(_ table: ModelTable, _ keys: [DatabaseValue]) async throws {
        let new = keys.filter { known[table.model, default: []].insert($0).inserted }
        guard !new.isEmpty else { return }
        found.append((table, new))
        for (other, field) in registry.references(to: table.model) {
            guard let rule = field.reference?.onDelete, rule != .doNothing else { continue }
            let rows = try await forEachBatch(new) { keys in
                try await database.query(
                    """
                    SELECT \(identifier: other.primaryKey.column) FROM \(identifier: other.name) WHERE \
                    \(identifier: field.column) IN (\(list: keys))
                    """, isWrite: true
                ) { row throws(DatabaseError) in row[0] }
            }
            guard !rows.isEmpty else { continue }
            switch rule {
            case .cascade: try await collect(other, rows)
            case .protect: throw QueryError.protected(table.model.name, by: other.model.name)
            case .restrict: restricted.append((other, table, rows))
            case .setNull, .setDefault: updates.append((other, field, rows))
            case .doNothing: break
            }
        }
    }

    @discardableResult
    private func forEachBatch(
        _ keys: [DatabaseValue], _ body: ([DatabaseValue]) async throws -> [DatabaseValue]
    ) async throws -> [DatabaseValue] {
        var rows: [DatabaseValue] = []
        for start in stride(from: 0, to: keys.count, by: Self.batch) {
            rows += try await body(Array(keys[start..<min(start + Self.batch, keys.count)]))
        }
        return rows
    }
}
