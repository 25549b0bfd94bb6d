import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

@Suite struct Migrators {
    private func migrate(
        _ database: Database, _ nodes: [MigrationNode], to target: MigrationPlan.Target = .all, isFake: Bool = false
    ) async throws {
        let migrator = Migrator(database, try MigrationGraph(nodes))
        try await migrator.run(migrator.plan(target), isFake: isFake)
    }

    private let keeper = node(
        "0001_initial", [.createModel("Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20)])])

    @Test(arguments: Engine.allCases)
    func `migrations are applied once, recorded and undone`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let second = node("0002_age", after: ["0001_initial"], [.addField("Keeper", .integer("age"), filling: 3)])
            try await migrate(database, [keeper])
            try await database.execute("INSERT INTO zoo_keeper (name) VALUES ('Ada')")
            try await migrate(database, [keeper, second])
            try await migrate(database, [keeper, second])
            #expect(try await database.texts("SELECT age FROM zoo_keeper") == ["3"])
            #expect(
                try await MigrationRecorder(database).applied().map(\.description) == [
                    "zoo.0001_initial", "zoo.0002_age",
                ])
            try await migrate(database, [keeper, second], to: .migration(keeper.name))
            #expect(try await database.texts("SELECT name FROM zoo_keeper") == ["\"Ada\""])
            try await migrate(database, [keeper, second], to: .zero("zoo"))
            #expect(try await MigrationRecorder(database).applied().isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a migration that fails stores nothing, and its error names it`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let broken = node(
                "0002_broken", after: ["0001_initial"],
                [.addField("Keeper", .integer("age").optional()), .runSQL("INSERT INTO missing VALUES (1)")])
            let text = await message { try await migrate(database, [keeper, broken]) }
            #expect(text?.hasPrefix("The migration zoo.0002_broken could not be applied: ") == true)
            #expect(text?.hasSuffix("Nothing of it was stored.") == true)
            #expect(try await MigrationRecorder(database).applied() == [keeper.name])
            try await migrate(
                database,
                [keeper, node("0002_age", after: ["0001_initial"], [.addField("Keeper", .integer("age").optional())])])
        }
    }

    @Test(arguments: Engine.allCases)
    func `a step that cannot be undone is refused before anything runs`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let nodes = [
                keeper, node("0002", after: ["0001_initial"], [.runSQL("UPDATE zoo_keeper SET name = 'x'")]),
                node("0003", after: ["0002"], [.addField("Keeper", .integer("age").optional())]),
            ]
            try await migrate(database, nodes)
            await #expect(
                message { try await migrate(database, nodes, to: .zero("zoo")) }
                    == "The migration zoo.0002 cannot be undone: its operation 1 has no reverse. Nothing was changed. "
                    + "Give the operation a reverse, or restore a backup.")
            #expect(try await MigrationRecorder(database).applied().count == 3)
        }
    }

    @Test(arguments: Engine.allCases)
    func `data steps run in the transaction, with the tables at that point`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let nodes = [
                keeper,
                node(
                    "0002", after: ["0001_initial"],
                    [
                        .run(
                            forward: { database, tables in
                                let table = try #require(tables.table(ModelName(app: "zoo", name: "Keeper")))
                                try await database.execute("INSERT INTO \(identifier: table.name) (name) VALUES ('Bo')")
                            }, reverse: { database, _ in try await database.execute("DELETE FROM zoo_keeper") }),
                        .renameField("Keeper", "name", to: "title"),
                    ]),
            ]
            try await migrate(database, nodes)
            #expect(try await database.texts("SELECT title FROM zoo_keeper") == ["\"Bo\""])
            try await migrate(database, nodes, to: .migration(keeper.name))
            #expect(try await database.texts("SELECT name FROM zoo_keeper").isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a fake migration is only recorded`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            try await migrate(database, [keeper], isFake: true)
            #expect(try await MigrationRecorder(database).applied() == [keeper.name])
            await #expect(message { _ = try await database.texts("SELECT name FROM zoo_keeper") } != nil)
        }
    }

    @Test(arguments: Engine.allCases)
    func `two runners at once apply each migration once`(engine: Engine) async throws {
        try await engine.withDatabase { database, url in
            var nodes = [keeper]
            for number in 2...6 {
                nodes.append(
                    node(
                        "000\(number)", after: [nodes.last?.name.name ?? ""],
                        [
                            .addField("Keeper", .integer("age\(number)").optional()),
                            .runSQL("INSERT INTO zoo_keeper (name) VALUES ('\(number)')"),
                        ]))
            }
            let all = nodes
            let other = try Database(url: url)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for runner in [database, other] {
                    group.addTask {
                        let migrator = Migrator(runner, try MigrationGraph(all))
                        try await migrator.run(migrator.plan(.all))
                    }
                }
                try await group.waitForAll()
            }
            #expect(try await MigrationRecorder(database).applied().count == 6)
            #expect(try await database.texts("SELECT name FROM zoo_keeper").count == 5)
            await other.stop()
        }
    }

    @Test(arguments: Engine.allCases)
    func `a concurrent index is created without a transaction`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let index = node(
                "0002", after: ["0001_initial"], [.addIndex("Keeper", .index("name_idx", ["name"]), concurrently: true)]
            )
            try await migrate(database, [keeper, index])
            try await migrate(database, [keeper, index], to: .migration(keeper.name))
            #expect(try await MigrationRecorder(database).applied() == [keeper.name])
        }
    }

    @Test func `a change that breaks a foreign key of SQLite is refused`() async throws {
        try await Engine.sqlite.withDatabase { database, _ in
            let animal = node(
                "0002", after: ["0001_initial"],
                [
                    .createModel(
                        "Animal", fields: [.bigAuto("id"), .foreignKey("keeper", to: "Keeper", onDelete: .cascade)]),
                    .runSQL("INSERT INTO zoo_animal (keeper_id) VALUES (9)"),
                ])
            let text = await message { try await migrate(database, [keeper, animal]) }
            #expect(
                text == "The migration zoo.0002 could not be applied: Foreign keys are broken: the row 1 of zoo_animal "
                    + "refers to a missing row of zoo_keeper. Correct these rows first. Nothing of it was stored.")
            let pragma = try await database.texts("PRAGMA foreign_keys")
            #expect(pragma == ["1"])
        }
    }
}
