internal import StraitDatabase
internal import StraitModels

/// Rows or values that a plan would delete.
package struct DataLoss: Sendable, Hashable, CustomStringConvertible {
    /// The migration that deletes them.
    package let migration: MigrationName
    /// The loss in words: `3 rows of the table zoo_keeper`.
    package let description: String
}

extension Migrator {
    /// Returns the rows and values that a plan would delete, as counted now. The effects of `runSQL` and `run` are
    /// not included.
    package func losses(of plan: MigrationPlan) async throws -> [DataLoss] {
        var applied = try await applied()
        var state = try graph.state(after: applied)
        var places = Places(state, database.engine)
        var losses: [DataLoss] = []
        for step in plan.steps {
            guard let node = graph.nodes[step.name] else { continue }
            if !step.isForward {
                applied.remove(step.name)
                state = try graph.state(after: applied)
            }
            let states = try node.apply(to: &state)
            if step.isForward { applied.insert(step.name) } else { state = states[0] }
            let operations = Array(node.operations.enumerated())
            for (index, operation) in step.isForward ? operations : operations.reversed() {
                let before = states[step.isForward ? index : index + 1]
                for (table, column) in places.removals(operation, node.name.app, step.isForward, before) {
                    guard let text = try await loss(table, column) else { continue }
                    losses.append(DataLoss(migration: step.name, description: text))
                }
            }
        }
        return losses
    }

    /// Returns the number of rows of a table, or of values in its column, in words; nil for none.
    private func loss(_ table: String, _ column: String?) async throws -> String? {
        let name = SQL.quoted(table)
        var query = SQL(trusted: "SELECT COUNT(*) FROM \(name)")
        if let column { query.append(" WHERE \(SQL.quoted(column)) IS NOT NULL") }
        let count = try await database.query(query) { row throws(DatabaseError) in try row.integer(0) }.first ?? 0
        if count == 0 { return nil }
        guard let column else { return "\(count) \(count == 1 ? "row" : "rows") of the table \(table)" }
        return "\(count) \(count == 1 ? "value" : "values") of the column \(column) of \(table)"
    }
}

/// The present names of the tables and columns that a plan changes.
private struct Places {
    private struct Place {
        var table: String
        var columns: [String: String]
        /// The tables of the many-to-many fields.
        var links: [String: String]
    }

    private var places: [ModelName: Place] = [:]

    init(_ state: ProjectState, _ engine: DatabaseEngine) {
        for table in state.sorted where table.isManaged {
            places[table.model] = Place(
                table: table.name(for: engine),
                columns: Dictionary(table.fields.map { ($0.name, $0.column) }) { first, _ in first },
                links: Dictionary(
                    table.links.compactMap { link in
                        link.automaticTable(in: table).map { (link.name, $0.name(for: engine)) }
                    }
                ) { first, _ in first })
        }
    }

    /// Returns the tables and columns that an operation removes, and follows the names.
    mutating func removals(
        _ operation: MigrationOperation, _ app: String, _ isForward: Bool, _ state: ProjectState
    ) -> [(table: String, column: String?)] {
        func model(_ name: String) -> ModelName { ModelName(app: app, name: name) }
        switch (operation.kind, isForward) {
        case (.deleteModel(let name), true), (.createModel(let name, _, _, _, _, _, _), false):
            guard let place = places.removeValue(forKey: model(name)) else { return [] }
            return [(place.table, nil)] + place.links.values.sorted().map { ($0, nil) }
        case (.removeField(let name, let field), true): return removal(of: field, model(name))
        case (.addField(let name, let field, _), false): return removal(of: field.name, model(name))
        case (.renameModel(let name, let newName), _):
            let (old, new) = isForward ? (name, newName) : (newName, name)
            places[model(new)] = places.removeValue(forKey: model(old))
        case (.renameField(let name, let field, let newName), _):
            let (old, new) = isForward ? (field, newName) : (newName, field)
            let (column, link) = (
                places[model(name)]?.columns.removeValue(forKey: old),
                places[model(name)]?.links.removeValue(forKey: old)
            )
            places[model(name)]?.columns[new] = column
            places[model(name)]?.links[new] = link
        default: break
        }
        return []
    }

    private mutating func removal(of field: String, _ model: ModelName) -> [(table: String, column: String?)] {
        guard let place = places[model] else { return [] }
        if let column = place.columns[field] {
            places[model]?.columns[field] = nil
            return [(place.table, column)]
        }
        guard let link = place.links[field] else { return [] }
        places[model]?.links[field] = nil
        return [(link, nil)]
    }
}
