import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

/// Changes of primary keys to which other tables refer.
@Suite struct ChangesOfKeys {
    private static let first = node(
        "0001_initial",
        [
            .createModel("Person", fields: [.char("code", maxLength: 10).primaryKey()]),
            .createModel(
                "Keeper", fields: [.oneToOne("person", to: "Person", onDelete: .cascade).primaryKey(), .text("name")]),
            .createModel(
                "Animal",
                fields: [
                    .bigAuto("id"), .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
                    .manyToMany("helpers", to: "Keeper"),
                ]),
        ])

    private func run(
        _ engine: Engine, _ operations: [MigrationOperation], _ check: (Database) async throws -> Void
    ) async throws {
        try await engine.withDatabase { database, _ in
            let second = node("0002", after: ["0001_initial"], operations)
            let migrator = Migrator(database, try MigrationGraph([Self.first, second]))
            try await migrator.run(migrator.plan(.migration(Self.first.name)))
            try await database.execute("INSERT INTO zoo_person (code) VALUES ('a'), ('b')")
            try await database.execute("INSERT INTO zoo_keeper (person_id, name) VALUES ('a', 'ada')")
            try await database.execute("INSERT INTO zoo_animal (keeper_id) VALUES ('a')")
            try await database.execute("INSERT INTO zoo_animal_helpers (animal_id, keeper_id) VALUES (1, 'a')")
            let before = try await TableInspector(database).tables()
            try await migrator.run(migrator.plan(.all))
            try await check(database)
            // Foreign keys still refer to their tables.
            let text = await message { try await database.execute("INSERT INTO zoo_animal (keeper_id) VALUES ('b')") }
            #expect(text?.isEmpty == false)
            try await migrator.run(migrator.plan(.migration(Self.first.name)))
            #expect(try await TableInspector(database).tables() == before)
            #expect(try await database.texts("SELECT keeper_id FROM zoo_animal") == ["\"a\""])
        }
    }

    @Test(arguments: Engine.allCases)
    func `a key that becomes longer changes all columns that refer to it`(engine: Engine) async throws {
        try await run(engine, [.alterField("Person", .char("code", maxLength: 30).primaryKey())]) { database in
            let type = engine == .sqlite ? "varchar(30)" : "character varying(30)"
            let tables = try await TableInspector(database).tables()
            let types = tables.flatMap(\.columns).filter {
                $0.name != "id" && $0.name != "name" && $0.name != "animal_id"
            }
            .map(\.type)
            #expect(types == [type, type, type, type])
        }
    }

    @Test(arguments: Engine.allCases)
    func `a renamed key keeps the columns that refer to it`(engine: Engine) async throws {
        try await run(
            engine, [.renameField("Person", "code", to: "number"), .renameField("Keeper", "person", to: "human")]
        ) { database in
            let targets = try await TableInspector(database).tables().flatMap(\.columns).compactMap {
                $0.target?.column
            }
            #expect(targets == ["human_id", "id", "human_id", "number"])
        }
    }
}
