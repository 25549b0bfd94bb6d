import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

/// Parts of a database that statements of the application have created.
@Suite struct ObjectsOfApplications {
    private static let first = node(
        "0001_initial",
        [
            .createModel("Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20)]),
            .createModel(
                "Animal",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 20), .integer("legs").indexed(),
                    .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
                ], uniqueTogether: [["name", "legs"]], indexes: [.index("legs_idx", ["-legs"])],
                constraints: [.unique("tall", ["legs"], where: "\"legs\" > 5"), .check("some_legs", "\"legs\" >= 0")]),
        ])

    private func migrate(_ database: Database, _ second: [MigrationOperation], back: Bool = false) async throws {
        let nodes = [Self.first, node("0002", after: ["0001_initial"], second)]
        let migrator = Migrator(database, try MigrationGraph(nodes))
        try await migrator.run(migrator.plan(back ? .migration(Self.first.name) : .all))
    }

    private func start(_ database: Database, _ statements: SQL...) async throws {
        let migrator = Migrator(database, try MigrationGraph([Self.first]))
        try await migrator.run(migrator.plan(.all))
        for statement in statements { try await database.execute(statement) }
        try await database.execute("INSERT INTO zoo_keeper (name) VALUES ('ada')")
        try await database.execute("INSERT INTO zoo_animal (name, legs, keeper_id) VALUES ('bo', 4, 1)")
    }

    private static let alteration: [MigrationOperation] = [
        .alterField("Animal", .char("name", maxLength: 30)),
        .alterField("Keeper", .char("name", maxLength: 30).unique()),
        .addField("Animal", .integer("age"), filling: 3),
    ]

    @Test(arguments: Engine.allCases)
    func `an index survives alterations of its table`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            try await start(
                database, "CREATE INDEX own_lower ON zoo_animal (lower(name))",
                "CREATE UNIQUE INDEX own_unique ON zoo_animal (name) WHERE legs > 7")
            func names() async throws -> [String] {
                try await database.texts(
                    engine == .sqlite
                        ? "SELECT name FROM sqlite_master WHERE tbl_name = 'zoo_animal' AND sql IS NOT NULL ORDER BY 1"
                        : "SELECT indexname::text FROM pg_indexes WHERE tablename = 'zoo_animal' ORDER BY 1")
            }
            let before = try await names()
            #expect(before.contains("\"own_lower\"") && before.contains("\"own_unique\""))
            try await migrate(database, Self.alteration)
            #expect(try await names() == before)
            try await migrate(database, Self.alteration, back: true)
            #expect(try await names() == before)
        }
    }

    @Test func `a foreign key and an index of another program are removed with their column's`() async throws {
        try await Engine.postgreSQL.withDatabase { database, _ in
            try await start(
                database,
                "ALTER TABLE zoo_animal ADD CONSTRAINT strict_key FOREIGN KEY (keeper_id) REFERENCES zoo_keeper (id)",
                "CREATE INDEX own_legs ON zoo_animal (legs)")
            try await migrate(database, [.alterField("Animal", .integer("legs")), .removeField("Animal", "keeper")])
            let indexes = try await database.texts(
                "SELECT indexname::text FROM pg_indexes WHERE tablename = 'zoo_animal'")
            #expect(indexes.contains("\"own_legs\""))
            #expect(!indexes.contains { $0.hasPrefix("\"zoo_animal_legs") })
        }
    }

    @Test func `triggers and views of SQLite survive alterations of their tables`() async throws {
        try await Engine.sqlite.withDatabase { database, _ in
            try await start(
                database, "CREATE TABLE log (name text)",
                "CREATE TRIGGER own_log AFTER INSERT ON zoo_animal BEGIN INSERT INTO log VALUES (new.name); END",
                """
                CREATE TRIGGER own_other AFTER INSERT ON zoo_keeper BEGIN
                UPDATE zoo_animal SET legs = legs + 1; END
                """,
                "CREATE VIEW own_view AS SELECT a.name, k.name AS keeper FROM zoo_animal a, zoo_keeper k")
            try await migrate(database, Self.alteration)
            try await database.execute("INSERT INTO zoo_animal (name, legs, keeper_id, age) VALUES ('hu', 2, 1, 1)")
            #expect(try await database.texts("SELECT name FROM log") == ["\"bo\"", "\"hu\""])
            #expect(try await database.texts("SELECT keeper FROM own_view") == ["\"ada\"", "\"ada\""])
            try await database.execute("INSERT INTO zoo_keeper (name) VALUES ('cy')")
            #expect(try await database.texts("SELECT legs FROM zoo_animal ORDER BY legs") == ["3", "5"])
            try await migrate(database, Self.alteration, back: true)
            #expect(try await database.texts("SELECT COUNT(*) FROM own_view") == ["4"])
        }
    }

    @Test func `an index of a removed column is an error in SQLite`() async throws {
        try await Engine.sqlite.withDatabase { database, _ in
            try await start(database, "CREATE INDEX own_keeper ON zoo_animal (keeper_id, name)")
            let text = await message { try await migrate(database, [.removeField("Animal", "keeper")]) }
            #expect(
                text?.contains(
                    "The index own_keeper of the table zoo_animal, which no migration created, does not fit the "
                        + "changed table: ") == true)
            #expect(text?.hasSuffix("Remove it with runSQL first. Nothing of it was stored.") == true)
            #expect(try await database.texts("SELECT keeper_id FROM zoo_animal") == ["1"])
        }
    }

    @Test func `a table of SQLite with unknown columns is not replaced`() async throws {
        try await Engine.sqlite.withDatabase { database, _ in
            try await start(database, "ALTER TABLE zoo_animal ADD COLUMN secret text DEFAULT 'x'")
            let text = await message { try await migrate(database, Self.alteration) }
            #expect(
                text
                    == "The migration zoo.0002 could not be applied: The table zoo_animal has columns that no "
                    + "migration created: secret. SQLite replaces the table, which would lose them. Add them with "
                    + "addField instead of runSQL, or remove them first. Nothing of it was stored.")
            #expect(try await database.texts("SELECT secret FROM zoo_animal") == ["\"x\""])
        }
    }
}
