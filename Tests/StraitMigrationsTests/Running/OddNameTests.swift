import StraitDatabase
import StraitModels
import Testing

@testable import StraitMigrations

/// Names and texts with quotes, placeholders and other characters that SQL gives a meaning.
@Suite struct OddNames {
    private static let text = "it's \"$1\" ? %s \\ {0} -- ; é"

    static let nodes = [
        node(
            "0001_initial",
            [
                .createModel(
                    "Box", table: "a \"box\" $1 ? %s's",
                    fields: [
                        .bigAuto("id").column("the \"id\""), .text("one").column("o'n\"e"),
                        .integer("two").column("two ?").indexed(), .char("three", maxLength: 50).column("$1").unique(),
                        .text("four").column("%s").databaseDefault(DatabaseDefault(stringLiteral: text)),
                        .json("five").column("[five]").optional(), .positiveInteger("six").column("select"),
                        .foreignKey("next", to: "Box", onDelete: .cascade).column("n\"ext").optional(),
                        .manyToMany("others", to: "Box"),
                    ], uniqueTogether: [["o'n\"e", "two ?"]],
                    indexes: [.index("an \"index\" ?", ["-two ?", "$1"], where: "\"two ?\" > 3 AND \"%s\" <> 'a''?'")],
                    constraints: [
                        .unique("a 'unique'", ["%s", "two ?"]), .check("a \"check\"", "\"o'n\"\"e\" <> '$1 ? \"'"),
                    ])
            ]),
        node("0002", after: ["0001_initial"], [.alterField("Box", .bigInteger("two").column("two ?").indexed())]),
        node("0003", after: ["0002"], [.alterField("Box", .char("one", maxLength: 60).column("o'n\"e"))]),
        node(
            "0004", after: ["0003"], [.addField("Box", .text("se\"ven"), filling: DatabaseDefault(stringLiteral: text))]
        ),
        node("0005", after: ["0004"], [.renameField("Box", "se\"ven", to: "e'ight ?")]),
        node(
            "0006", after: ["0005"],
            [.alterField("Box", .foreignKey("next", to: "Box", onDelete: .cascade).column("n'e?xt").optional())]),
        node("0007", after: ["0006"], [.alterTable("Box", to: "new \"table\" ?'")]),
        node("0008", after: ["0007"], [.renameModel("Box", to: "Case")]),
        node("0009", after: ["0008"], [.renameIndex("Case", "an \"index\" ?", to: "$2 \"")]),
        node("0010", after: ["0009"], [.alterField("Case", .text("three").column("$1"))]),
        node("0011", after: ["0010"], [.removeConstraint("Case", "a \"check\"")]),
        node("0012", after: ["0011"], [.alterUniqueTogether("Case", [["%s", "$1"]])]),
        node("0013", after: ["0012"], [.removeField("Case", "next"), .removeField("Case", "six")]),
    ]

    @Test(arguments: Engine.allCases)
    func `odd names and texts go through all statements`(engine: Engine) async throws {
        try await engine.withDatabase { database, _ in
            let graph = try MigrationGraph(Self.nodes)
            let migrator = Migrator(database, graph)
            try await migrator.run(migrator.plan(.migration(graph.order[0])))
            let first = try await TableInspector(database).tables()
            try await database.execute(
                """
                INSERT INTO "a ""box"" $1 ? %s's" ("o'n""e", "two ?", "$1", "select") VALUES ('a', 4, \(Self.text), 1)
                """)
            try await migrator.run(migrator.plan(.all))
            func values() async throws -> [String] {
                try await database.query("SELECT \"%s\", \"$1\", \"e'ight ?\" FROM \"new \"\"table\"\" ?'\"") {
                    row throws(DatabaseError) in [try row.text(0), try row.text(1), try row.text(2)]
                }.flatMap(\.self)
            }
            #expect(try await values() == [Self.text, Self.text, Self.text])
            for name in graph.order {
                for isForward in [true, false] {
                    #expect(try await migrator.script(of: name, isForward: isForward).hasPrefix("BEGIN;"))
                }
            }
            try await migrator.run(migrator.plan(.migration(graph.order[0])))
            #expect(try await TableInspector(database).tables() == first)
            try await migrator.run(migrator.plan(.zero("zoo")))
            #expect(try await TableInspector(database).names().isEmpty)
        }
    }
}
