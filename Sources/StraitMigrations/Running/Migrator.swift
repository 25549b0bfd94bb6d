package import StraitDatabase
internal import StraitModels

/// Applies migrations to a database, and undoes them.
package struct Migrator: Sendable {
    package let database: Database
    package let graph: MigrationGraph

    package init(_ database: Database, _ graph: MigrationGraph) {
        self.database = database
        self.graph = graph
    }

    private var recorder: MigrationRecorder { MigrationRecorder(database) }

    /// Returns the applied migrations that the site has.
    package func applied() async throws -> Set<MigrationName> {
        Set(try await recorder.applied()).filter { graph.nodes[$0] != nil }
    }

    /// Returns the migrations that are not applied, in order.
    package func unapplied() async throws -> [MigrationName] {
        let applied = try await applied()
        return graph.order.filter { !applied.contains($0) }
    }

    /// Returns the migrations of apps with a mark for those that are applied; Django's `showmigrations`.
    ///
    /// - Parameter apps: The labels, or an empty list for all.
    /// - Throws: ``MigrationError`` if an app has no migrations.
    package func list(_ apps: [String]) async throws -> [String] {
        let applied = try await applied()
        for app in apps where !graph.apps.contains(app) {
            throw MigrationError(
                "The site has no migrations of an app \(app). Its apps with migrations: "
                    + "\(graph.apps.joined(separator: ", ")).")
        }
        var lines: [String] = []
        for app in apps.isEmpty ? graph.apps : apps {
            lines.append(app)
            lines += graph.order.filter { $0.app == app }.map { " [\(applied.contains($0) ? "X" : " ")] \($0.name)" }
        }
        return lines
    }

    /// Plans the way to a target.
    package func plan(_ target: MigrationPlan.Target) async throws -> MigrationPlan {
        try MigrationPlan(target, in: graph, applied: try await applied())
    }

    /// Runs a plan. Each migration is stored completely or not at all, unless it runs without a transaction.
    ///
    /// Two runners at once apply each migration once. In PostgreSQL, the second waits for the first.
    ///
    /// - Parameters:
    ///   - plan: The migrations.
    ///   - isFake: Whether the migrations are only recorded as applied or undone.
    ///   - progress: Called before each migration.
    /// - Throws: ``MigrationError`` with the migration's name; `CancellationError`.
    package func run(
        _ plan: MigrationPlan, isFake: Bool = false, progress: @Sendable (MigrationPlan.Step) -> Void = { _ in }
    ) async throws {
        if !isFake { try plan.checkReversible(in: graph) }
        guard !plan.steps.isEmpty else { return }
        switch database.engine {
        case .sqlite: try await withoutForeignKeys { try await runSteps(plan, isFake, progress) }
        case .postgreSQL:
            try await database.atomic { lock in
                _ = try await lock.query("SELECT 1 FROM pg_advisory_xact_lock(\(Self.lockNumber))") { _ in 1 }
                // Ends the query, whose snapshot of the rows a concurrent index would wait for.
                try await lock.execute("SET CONSTRAINTS ALL DEFERRED")
                try await runSteps(plan, isFake, progress)
            }
        }
    }

    /// The number of the advisory lock: the bytes of `strait` and `mg`.
    private static let lockNumber: Int64 = 0x7374_7261_6974_6D67

    /// Calls `body` while SQLite does not enforce foreign keys, because replacing a table breaks them for a moment.
    private func withoutForeignKeys(_ body: () async throws -> Void) async throws {
        try await database.execute("PRAGMA foreign_keys = OFF")
        let result: Result<Void, any Error>
        do { result = .success(try await body()) } catch { result = .failure(error) }
        // A detached task runs even if this one is cancelled.
        try await Task.detached { [database] in
            try await database.execute("PRAGMA legacy_alter_table = OFF")
            try await database.execute("PRAGMA foreign_keys = ON")
        }.value
        try result.get()
    }

    private func runSteps(
        _ plan: MigrationPlan, _ isFake: Bool, _ progress: (MigrationPlan.Step) -> Void
    ) async throws {
        try await recorder.prepare()
        var applied = try await applied()
        var state = try graph.state(after: applied)
        for step in plan.steps {
            // Another process may have done it before.
            guard let node = graph.nodes[step.name], applied.contains(step.name) != step.isForward else { continue }
            if !step.isForward {
                applied.remove(step.name)
                state = try graph.state(after: applied)
            }
            var next = state
            let states = try node.apply(to: &next)
            if step.isForward {
                applied.insert(step.name)
                state = next
            }
            progress(step)
            do {
                try await run(node, step, states, isFake)
            } catch let error as CancellationError {
                throw error
            } catch {
                throw MigrationError(
                    "The migration \(step.name) could not be \(step.isForward ? "applied" : "undone"): \(error) "
                        + (isAtomic(node)
                            ? "Nothing of it was stored."
                            : "It ran without a transaction, so check which of its operations were stored."))
            }
        }
    }

    /// The number of attempts after the first. Each waits five seconds for a lock.
    private static let retries = 60

    private func isAtomic(_ node: MigrationNode) -> Bool {
        node.isAtomic && !(database.engine == .postgreSQL && node.isConcurrent)
    }

    private func run(
        _ node: MigrationNode, _ step: MigrationPlan.Step, _ states: [ProjectState], _ isFake: Bool
    ) async throws {
        guard isAtomic(node) || isFake else { return try await run(node, step, states, isFake, on: database) }
        // In SQLite, another runner may have locked the database for the time of a long migration.
        try await database.atomic(retries: Self.retries) { try await run(node, step, states, isFake, on: $0) }
    }

    private func run(
        _ node: MigrationNode, _ step: MigrationPlan.Step, _ states: [ProjectState], _ isFake: Bool,
        on database: Database
    ) async throws {
        let recorder = MigrationRecorder(database)
        // Another process may have done it in the meantime.
        guard try await recorder.isApplied(step.name) != step.isForward else { return }
        if !isFake { try await change(node, step.isForward, states, on: database) }
        try await step.isForward ? recorder.add(step.name) : recorder.remove(step.name)
    }

    private func change(
        _ node: MigrationNode, _ isForward: Bool, _ states: [ProjectState], on database: Database
    ) async throws {
        var editor = SchemaEditor(database.engine)
        let operations = Array(node.operations.enumerated())
        for (index, operation) in isForward ? operations : operations.reversed() {
            let (before, after) = (states[index], states[index + 1])
            let (from, to) = isForward ? (before, after) : (after, before)
            switch operation.kind {
            case .runSQL(let forward, let reverse):
                for text in isForward ? forward : reverse ?? [] { try await database.execute(SQL(trusted: text)) }
                try await checkForeignKeys(on: database)
            case .run(let forward, let reverse):
                if let step = isForward ? forward : reverse { try await step(database, from) }
                try await checkForeignKeys(on: database)
            default:
                try editor.perform(operation, in: node.name.app, isForward: isForward, from: from, to: to)
                try await execute(editor.takeSteps(), on: database)
            }
        }
        editor.finish()
        try await execute(editor.takeSteps(), on: database)
        if database.engine == .sqlite { try await checkSQLite(database) }
    }

    private func execute(_ steps: [SchemaStep], on database: Database) async throws {
        var keeper = ObjectKeeper(database)
        for step in steps {
            switch step {
            case .sql(let text): try await database.execute(SQL(trusted: text))
            case .save(let objects): try await keeper.save(objects)
            case .restore(let objects): try await keeper.restore(objects)
            case .check(let check):
                let counts = try await database.query(SQL(trusted: check.query)) { row throws(DatabaseError) in
                    try row.integer(0)
                }
                if let count = counts.first, count > check.allowed { throw MigrationError(check.message(count)) }
            case .remove(let search):
                for text in try await ConstraintFinder(database: database).statements(removing: search) {
                    try await database.execute(SQL(trusted: text))
                }
            }
        }
    }

    /// Runs the pending checks of foreign keys in PostgreSQL, which refuses to change a table that has any.
    private func checkForeignKeys(on database: Database) async throws {
        guard database.engine == .postgreSQL else { return }
        try await database.execute("SET CONSTRAINTS ALL IMMEDIATE")
        try await database.execute("SET CONSTRAINTS ALL DEFERRED")
    }

    /// Throws an error if a foreign key refers to a missing row.
    private func checkSQLite(_ database: Database) async throws {
        let broken = try await database.query("SELECT \"table\", rowid, parent FROM pragma_foreign_key_check LIMIT 5") {
            row throws(DatabaseError) in
            "the row \(row.isNull(1) ? 0 : try row.integer(1)) of \(try row.text(0)) refers to a missing row of "
                + (try row.text(2))
        }
        if broken.isEmpty { return }
        throw MigrationError("Foreign keys are broken: \(broken.joined(separator: "; ")). Correct these rows first.")
    }
}
