import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

/// Fields that must not be empty, in tables with rows. Django fails with the error of the database.
@Suite struct RequiredFields {
    private static let first = node(
        "0001_initial",
        [
            .createModel("Keeper", fields: [.bigAuto("id"), .char("name", maxLength: 20)]),
            .createModel(
                "Animal",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 20), .char("code", maxLength: 20).unique(),
                    .integer("legs"), .binary("photo").databaseDefault("é"),
                    .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
                ]),
        ])

    /// Migrates with one more migration after rows are stored, and back again. Returns the texts of the errors.
    private func change(
        _ database: Database, rows: Int, _ operations: [MigrationOperation]
    ) async throws -> (forward: String?, back: String?) {
        let second = node("0002", after: ["0001_initial"], operations)
        let migrator = Migrator(database, try MigrationGraph([Self.first, second]))
        try await migrator.run(migrator.plan(.migration(Self.first.name)))
        try await database.execute("INSERT INTO zoo_keeper (name) VALUES ('ada')")
        for row in 0..<rows {
            try await database.execute(
                "INSERT INTO zoo_animal (name, code, legs, keeper_id) VALUES ('bo', \("\(row)"), 4, 1)")
        }
        let forward = await message { try await migrator.run(migrator.plan(.all)) }
        if forward != nil { return (forward, nil) }
        return (nil, await message { try await migrator.run(migrator.plan(.migration(Self.first.name))) })
    }

    private static let undoAdvice =
        "Delete the rows, restore a backup, or edit the migration: before removeField, make the field optional with "
        + "alterField, and give the rows values in the reverse of a .run step. Nothing of it was stored."

    @Test(arguments: Engine.allCases)
    func `the removal of a required foreign key is undone only without rows`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 2, [.removeField("Animal", "keeper")])
            #expect(result.forward == nil)
            #expect(
                result.back
                    == "The migration zoo.0002 could not be undone: 2 rows of the table zoo_animal have no value "
                    + "for the column keeper_id, which must not be empty. " + Self.undoAdvice)
            #expect(try await database.texts("SELECT name FROM zoo_animal").count == 2)
        }
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 0, [.removeField("Animal", "keeper")])
            #expect(result.forward == nil && result.back == nil)
            #expect(try await database.texts("SELECT keeper_id FROM zoo_animal").isEmpty)
        }
    }

    @Test(arguments: Engine.allCases)
    func `the advice for the removal of a required foreign key works`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let result = try await change(
                database, rows: 2,
                [
                    .alterField("Animal", .foreignKey("keeper", to: "Keeper", onDelete: .cascade).optional()),
                    .run(
                        forward: { _, _ in },
                        reverse: { database, _ in try await database.execute("UPDATE zoo_animal SET keeper_id = 1") }),
                    .removeField("Animal", "keeper"),
                ])
            #expect(result.forward == nil && result.back == nil)
            #expect(try await database.texts("SELECT keeper_id FROM zoo_animal") == ["1", "1"])
        }
    }

    @Test(arguments: Engine.allCases)
    func `the removal of another required field is undone with a neutral value`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let result = try await change(
                database, rows: 2,
                [
                    .alterField("Animal", .binary("photo")), .removeField("Animal", "photo"),
                    .removeField("Animal", "legs"), .removeField("Animal", "name"),
                ])
            #expect(result.forward == nil && result.back == nil)
            #expect(try await database.texts("SELECT legs FROM zoo_animal") == ["0", "0"])
            #expect(try await database.texts("SELECT name FROM zoo_animal") == ["\"\"", "\"\""])
            let photos: SQL =
                engine == .sqlite
                ? "SELECT typeof(photo) || length(photo) FROM zoo_animal"
                : "SELECT 'blob' || length(photo) FROM zoo_animal"
            #expect(try await database.texts(photos) == ["\"blob0\"", "\"blob0\""])
            // The column has no default of its own.
            let text = await message { try await database.execute("INSERT INTO zoo_animal (code) VALUES ('x')") }
            #expect(text != nil)
        }
    }

    @Test(arguments: Engine.allCases)
    func `the removal of a unique field is undone with one row at most`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 1, [.removeField("Animal", "code")])
            #expect(result.forward == nil && result.back == nil)
        }
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 3, [.removeField("Animal", "code")])
            #expect(
                result.back
                    == "The migration zoo.0002 could not be undone: 3 rows of the table zoo_animal have no value "
                    + "for the column code, which must not be empty. " + Self.undoAdvice)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a required field without a value is added only without rows`(engine: Engine) async throws {
        let operations: [MigrationOperation] = [
            .addField("Animal", .foreignKey("vet", to: "Keeper", onDelete: .cascade)),
            .addField("Animal", .integer("age")),
        ]
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 1, operations)
            #expect(
                result.forward == "The migration zoo.0002 could not be applied: 1 row of the table zoo_animal has no "
                    + "value for the column vet_id, which must not be empty. Give addField a value with filling:, make "
                    + "the field optional, or change the rows first. Nothing of it was stored.")
        }
        try await engine.withDatabase { database, _ in
            let result = try await change(database, rows: 0, operations)
            #expect(result.forward == nil && result.back == nil)
        }
    }

    @Test(arguments: Engine.allCases)
    func `a field becomes required only with values`(engine: Engine) async throws {
        let optional = MigrationField.foreignKey("keeper", to: "Keeper", onDelete: .cascade)
        try await engine.withDatabase { database, _ in
            let result = try await change(
                database, rows: 2,
                [
                    .alterField("Animal", optional.optional()),
                    .runSQL("UPDATE zoo_animal SET keeper_id = NULL", reverse: "SELECT 1"),
                ])
            #expect(result.forward == nil)
            #expect(
                result.back
                    == "The migration zoo.0002 could not be undone: 2 rows of the table zoo_animal have no value "
                    + "for the column keeper_id, which must not be empty. Give these rows values, or delete them. "
                    + "Nothing of it was stored.")
        }
        try await engine.withDatabase { database, _ in
            let result = try await change(
                database, rows: 1,
                [
                    .alterField("Animal", optional.optional()), .runSQL("UPDATE zoo_animal SET keeper_id = NULL"),
                    .alterField("Animal", optional),
                ])
            #expect(
                result.forward?.contains(
                    "Give alterField a value with filling:, make the field optional, or change the rows first.") == true
            )
        }
    }
}
