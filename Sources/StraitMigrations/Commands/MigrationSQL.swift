internal import StraitDatabase
internal import StraitModels

extension Migrator {
    /// Returns the statements of a migration as a script; Django's `sqlmigrate`.
    ///
    /// The names of constraints that are removed are looked up in the database.
    ///
    /// - Parameters:
    ///   - name: The migration.
    ///   - isForward: Whether to show how it is applied, or how it is undone.
    package func script(of name: MigrationName, isForward: Bool) async throws -> String {
        guard let node = graph.nodes[name] else {
            throw MigrationError("There is no migration \(name). Run showmigrations for a list.")
        }
        if !isForward { try MigrationPlan(undoing: name).checkReversible(in: graph) }
        var state = try graph.state(after: Set(graph.ancestors(of: [name])).subtracting([name]))
        let states = try node.apply(to: &state)
        var editor = SchemaEditor(database.engine)
        var lines: [String] = []
        let operations = Array(node.operations.enumerated())
        for (index, operation) in isForward ? operations : operations.reversed() {
            let (from, to) = (states[isForward ? index : index + 1], states[isForward ? index + 1 : index])
            lines += ["--", "-- " + operation.summary, "--"]
            switch operation.kind {
            case .runSQL(let forward, let reverse): lines += (isForward ? forward : reverse ?? []).map { $0 + ";" }
            case .run: lines.append("-- THIS OPERATION CANNOT BE WRITTEN AS SQL")
            default:
                try editor.perform(operation, in: name.app, isForward: isForward, from: from, to: to)
                let texts = try await statements(editor.takeSteps())
                lines += texts.isEmpty ? ["-- (no-op)"] : texts
            }
        }
        editor.finish()
        lines += try await statements(editor.takeSteps())
        let isAtomic = node.isAtomic && !(database.engine == .postgreSQL && node.isConcurrent)
        return ((isAtomic ? ["BEGIN;"] : []) + lines + (isAtomic ? ["COMMIT;"] : [])).joined(separator: "\n")
    }

    private func statements(_ steps: [SchemaStep]) async throws -> [String] {
        var lines: [String] = []
        var keeper = ObjectKeeper(database)
        for step in steps {
            switch step {
            case .check: break
            case .save(let objects):
                // The migration may be applied already, so the table may have other columns.
                do { try await keeper.save(objects) } catch is MigrationError {}
            case .restore(let objects): lines += keeper.statements(objects).map { $0 + ";" }
            case .sql(let text): lines.append(text + ";")
            case .remove(let search):
                // The migration may be applied already, so a required constraint may be missing.
                do {
                    lines += try await ConstraintFinder(database: database).statements(removing: search).map {
                        $0 + ";"
                    }
                } catch is MigrationError {}
            }
        }
        return lines
    }
}

extension MigrationPlan {
    /// A plan that undoes one migration.
    init(undoing name: MigrationName) { steps = [Step(name: name, isForward: false)] }
}
