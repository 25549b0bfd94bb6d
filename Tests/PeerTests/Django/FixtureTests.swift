import Foundation
import PostgresServers
import StraitDatabase
import StraitMigrations
import StraitModels
import TestFolders
import Testing

@Suite struct DjangoFixtures {
    private static let initial = MigrationNode(
        MigrationName(app: "box", name: "0001_initial"),
        operations: [
            .createModel("Tag", fields: [.bigAuto("id"), .char("name", maxLength: 20)]),
            .createModel(
                "Box",
                fields: [
                    .bigAuto("id"), .char("name", maxLength: 20), .text("story").optional(), .integer("number"),
                    .bigInteger("big").optional(), .float("length"),
                    .decimal("price", maxDigits: 9, decimalPlaces: 3), .boolean("is_open"),
                    .binary("content").optional(), .uuid("token").optional(), .dateTime("at"),
                    .date("day").optional(), .time("time").optional(), .duration("pause").optional(),
                    .json("notes").optional(), .foreignKey("outer", to: "Box", onDelete: .setNull).optional(),
                    .manyToMany("tags", to: "Tag"),
                ]),
        ])

    private let fixture = """
        [
        {"model":"box.tag","pk":1,"fields":{"name":"loud"}},
        {"model":"box.tag","pk":2,"fields":{"name":"é \\"b\\""}},
        {"model":"box.box","pk":3,"fields":{"name":"a","story":null,"number":-7,"big":null,"length":1.5,\
        "price":"12.500",\
        "is_open":true,"content":null,"token":null,"at":"2026-02-28T14:30:59.000200Z","day":null,"time":null,\
        "pause":null,"notes":null,"outer":null,"tags":[]}},
        {"model":"box.box","pk":5,"fields":{"name":"b","story":"x\\ny","number":8,"big":9007199254740993,"length":-2.0,\
        "price":"0.001","is_open":false,"content":"AP8=","token":"0f0e0d0c-0b0a-0908-0706-050403020100",\
        "at":"1969-12-31T23:59:59Z","day":"2026-02-28","time":"01:02:03","pause":"P3DT04H05M06.000007S",\
        "notes":{"list":[1,2.5,null,"x"]},"outer":3,"tags":[1,2]}}
        ]
        """

    @Test(arguments: [DatabaseEngine.sqlite, .postgreSQL])
    func `Django loads our fixtures, and we load Django's`(engine: DatabaseEngine) async throws {
        try await withTemporaryFolder { folder in
            func make(_ name: String) async throws -> (Database, name: String, environment: [String: String]) {
                if engine == .sqlite { return (Database(sqlite: folder + "/" + name), folder + "/" + name, [:]) }
                let server = try await PostgresServer.shared
                let base = try await server.makeDatabase()
                return (
                    try Database(
                        url: "postgres://\(PostgresServer.user)@/\(base)?host=\(server.folder)&port=\(server.port)"),
                    base, ["PGHOST": server.folder, "PGPORT": "\(server.port)", "PGUSER": PostgresServer.user]
                )
            }
            let graph = try MigrationGraph([Self.initial])
            let models = try graph.state().sorted
            let (ours, _, _) = try await make("ours")
            let (shared, name, environment) = try await make("shared")
            for database in [ours, shared] {
                let migrator = Migrator(database, graph)
                try await migrator.run(migrator.plan(.all))
            }
            let fixtures = Fixtures(ours, models: models)
            #expect(try await fixtures.load(fixture) == 4)
            let dump = try await fixtures.dump().joined(separator: "\n")
            #expect(dump == fixture)

            try dump.write(toFile: folder + "/dump.json", atomically: false, encoding: .utf8)
            let output = try await Peer.run(
                Checkout.python,
                [
                    "-B", Checkout.peer("django/fixtures.py"), engine == .sqlite ? "sqlite" : "postgresql", name,
                    folder + "/dump.json",
                ], environment: environment)
            let lines = output.split(separator: "\n")
            #expect(lines.first == "APPLIED ['0001_initial']")
            #expect(
                try await MigrationRecorder(shared).applied().map(\.description) == [
                    "box.0001_initial", "box.0002_django",
                ])
            // Django has stored the same rows, as our own dump of its database shows.
            #expect(try await Fixtures(shared, models: models).dump().joined(separator: "\n") == dump)

            // Django's dump has milliseconds.
            let theirs = try #require(lines.first { $0.hasPrefix("DUMP ") }?.dropFirst(5))
            try await fixtures.flush()
            #expect(try await fixtures.load(String(theirs)) == 4)
            #expect(
                try await fixtures.dump().joined(separator: "\n")
                    == dump.replacing("59.000200Z", with: "59Z"))
            #expect(output.contains("class BoxBox(models.Model)"))
            await ours.stop()
            await shared.stop()
        }
    }
}
