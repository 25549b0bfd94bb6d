import Foundation
import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

/// Alterations of tables with rows. `STRAIT_ROUNDS` multiplies the 2,000 rows, such as by 50.
@Suite struct FilledTables {
    private static let count =
        2000 * (ProcessInfo.processInfo.environment["STRAIT_ROUNDS"].flatMap { Int($0) } ?? 1)

    private static let first = node(
        "0001_initial",
        [
            .createModel("Keeper", fields: [.auto("id"), .char("name", maxLength: 20).unique()]),
            .createModel("Tag", fields: [.bigAuto("id"), .char("name", maxLength: 20)]),
            .createModel(
                "Animal",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 50), .integer("number").indexed(),
                    .text("story").optional(), .positiveInteger("legs"),
                    .foreignKey("keeper", to: "Keeper", onDelete: .cascade),
                    .foreignKey("parent", to: "Animal", onDelete: .setNull).optional(), .manyToMany("tags", to: "Tag"),
                ], uniqueTogether: [["name", "keeper_id"]],
                constraints: [.check("zoo_number", "\"number\" >= 0")]),
        ])

    /// The alterations, each a migration of its own.
    private static let alterations: [[MigrationOperation]] = [
        [.addField("Animal", .char("nick", maxLength: 20), filling: "none")],
        [.addField("Animal", .integer("level").databaseDefault(5))],
        [.addField("Animal", .json("extra").optional())],
        [.alterField("Animal", .bigInteger("number").indexed())],
        [.alterField("Animal", .char("name", maxLength: 80).indexed())],
        [.alterField("Animal", .text("story"), filling: "untold")],
        [.alterField("Animal", .integer("legs").optional())],
        [.alterField("Keeper", .bigAuto("id"))],
        [.renameField("Animal", "keeper", to: "warden")],
        [.renameField("Animal", "tags", to: "labels")],
        [.renameField("Animal", "number", to: "code")],
        [.renameModel("Keeper", to: "Warden")],
        [.renameModel("Animal", to: "Beast")],
        [.alterTable("Beast", to: "beasts")],
        [.addIndex("Beast", .index("beast_code", ["-code", "name"], where: "\"code\" > 5"))],
        [.addConstraint("Beast", .unique("beast_once", ["code", "id"]))],
        [.alterUniqueTogether("Beast", [["name", "code"]])],
        [.removeConstraint("Beast", "zoo_number")],
        [.removeField("Beast", "nick")],
        [.alterField("Beast", .oneToOne("parent", to: "Beast", onDelete: .setNull).optional())],
    ]

    private static var nodes: [MigrationNode] {
        alterations.reduce(into: [first]) { nodes, operations in
            nodes.append(node("\(1001 + nodes.count)", after: nodes.last.map { [$0.name.name] } ?? [], operations))
        }
    }

    /// The rows of the first tables, and sums of their columns.
    private func contents(_ database: Database) async throws -> [String] {
        try await database.query(
            """
            SELECT COUNT(*), SUM(number), SUM(legs), SUM(keeper_id), SUM(parent_id), COUNT(DISTINCT name),
                SUM(LENGTH(story)), (SELECT COUNT(*) FROM zoo_animal_tags), (SELECT SUM(tag_id) FROM zoo_animal_tags),
                (SELECT SUM(LENGTH(name)) FROM zoo_keeper)
            FROM zoo_animal
            """
        ) { row throws(DatabaseError) in (0..<row.count).map { "\(row[$0])" }.joined(separator: " ") }
    }

    @Test(arguments: Engine.allCases)
    func `all alterations up and down keep the rows`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let graph = try MigrationGraph(Self.nodes)
            let migrator = Migrator(database, graph)
            try await migrator.run(migrator.plan(.migration(Self.first.name)))
            let series = SQL(
                trusted: engine == .sqlite
                    ? "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < \(Self.count)) "
                    : "WITH s(n) AS (SELECT generate_series(1, \(Self.count))) ")
            try await database.execute("INSERT INTO zoo_keeper (name) VALUES ('ada'), ('bob'), ('cy')")
            try await database.execute("INSERT INTO zoo_tag (name) VALUES ('loud'), ('tame')")
            try await database.execute(
                """
                \(series)INSERT INTO zoo_animal (name, number, story, legs, keeper_id, parent_id)
                SELECT 'animal ' || n, n, 'It lived.', n % 8, 1 + n % 3, CASE WHEN n > 1 THEN n - 1 END FROM s
                """)
            try await database.execute(
                "INSERT INTO zoo_animal_tags (animal_id, tag_id) SELECT id, 1 + id % 2 FROM zoo_animal")
            let before = try await contents(database)

            try await migrator.run(migrator.plan(.all))
            #expect(
                try await database.texts(
                    "SELECT COUNT(*) FROM beasts WHERE level = 5 AND story = 'It lived.' AND code = id"
                ) == ["\(Self.count)"])
            #expect(try await database.texts("SELECT COUNT(*) FROM beasts_labels") == ["\(Self.count)"])

            // The same tables as after an empty start.
            try await engine.withDatabase { fresh, _ in
                let other = Migrator(fresh, graph)
                try await other.run(other.plan(.all))
                let (left, right) = (TableInspector(database), TableInspector(fresh))
                #expect(try await left.names() == right.names())
                for name in try await right.names() {
                    #expect(try await left.table(name) == right.table(name))
                }
            }

            try await migrator.run(migrator.plan(.migration(Self.first.name)))
            #expect(try await contents(database) == before)
            // No ID of a deleted row is used again.
            try await database.execute("DELETE FROM zoo_animal_tags")
            try await database.execute("DELETE FROM zoo_animal WHERE id = \(Self.count)")
            try await database.execute(
                "INSERT INTO zoo_animal (name, number, legs, keeper_id, story) VALUES ('x', 1, 1, 1, '')")
            #expect(try await database.texts("SELECT MAX(id) FROM zoo_animal") == ["\(Self.count + 1)"])
        }
    }
}
