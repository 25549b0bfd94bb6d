import Foundation
import RedisServers
import StraitDatabase
import StraitModels
import TestFolders
import Testing

@testable import StraitMigrations

@Suite struct MigrationWriters {
    @Test func `a migration is short Swift`() {
        let migration = node(
            "0002_photo_caption", after: ["0001_initial", "shop.0003_x"],
            [
                .addField("Photo", .char("caption", maxLength: 40).unique().optional()),
                .addField("Photo", .foreignKey("owner", to: "shop.User", onDelete: .setNull).optional()),
                .alterField("Photo", .decimal("price", maxDigits: 5, decimalPlaces: 2), filling: 1),
                .runSQL("SELECT 'a\"b'", reverse: "SELECT 2"),
            ])
        #expect(
            MigrationWriter(migration, moduleApp: "zoo").text == """
                import Strait

                struct M0002_photo_caption: Migration {
                    static let dependencies = ["zoo.0001_initial", "shop.0003_x"]
                    static let operations: [MigrationOperation] = [
                        .addField("Photo", .char("caption", maxLength: 40).unique().optional()),
                        .addField("Photo", .foreignKey("owner", to: "shop.User", onDelete: .setNull).optional()),
                        .alterField("Photo", .decimal("price", maxDigits: 5, decimalPlaces: 2), filling: 1),
                        .runSQL("SELECT 'a\\"b'", reverse: ["SELECT 2"]),
                    ]
                }

                """)
    }

    @Test func `generated files satisfy the formatter`() async throws {
        try await withTemporaryFolder { folder in
            let fields: [MigrationField] = [
                .bigAuto("id"), .char("code", maxLength: 5).unique().column("c"), .slug("slug").indexed(),
                .email("email"), .url("link", maxLength: 9), .file("paper"), .image("photo", maxLength: 3),
                .json("data"),
                .uuid("key"), .dateTime("at").databaseDefault(.now),
                .oneToOne("chief", to: "Keeper", onDelete: .cascade),
                .foreignKey("keeper", to: "Keeper", onDelete: .protect, isIndexed: false),
                .manyToMany("tags", to: "Tag", through: "Tagging"), .boolean("ok").databaseDefault(true),
            ]
            let migration = node(
                "0001_initial",
                [
                    .createModel("Tag", fields: [.bigAuto("id")]), .createModel("Empty", table: "empty", fields: []),
                    .createModel(
                        "Photo", fields: fields, uniqueTogether: [["a", "b"]],
                        indexes: [.index("i", ["-a", "b"], where: "\"a\" > 3")],
                        constraints: [.unique("u", ["a"]), .check("c", "\"a\" > 3")]),
                ])
            let writer = MigrationWriter(migration)
            let file = folder + "/" + writer.fileName
            try writer.text.write(toFile: file, atomically: false, encoding: .utf8)
            let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .deletingLastPathComponent().deletingLastPathComponent()
            let lint = try await Errand.run(
                "/usr/bin/env",
                ["swift", "format", "lint", "--strict", "--configuration", root.path + "/.swift-format", file],
                limit: 600)
            #expect(lint.text == "" && lint.code == 0, "\(writer.text)")
        }
    }

    @Test func `generated files compile, whatever their names and texts are`() async throws {
        var models = RandomModels(random: SplitMix(state: 5))
        var detector = try Autodetector(
            MigrationGraph([MigrationNode]()), models: models.tables(), questioner: Answers())
        let values: [DatabaseDefault] = [1, -2, 1.5e300, -0.0, true, "\u{0}\u{202E}\u{2028}\\(x) \"#", .now]
        let defaults = values.enumerated().map { index, value in
            MigrationOperation.addField("Box", .text("x\(index)").databaseDefault(value), filling: value)
        }
        let nodes =
            try OddNames.nodes + detector.migrations() + [
                node("0014_a-b c", after: ["0013"], defaults),
                node("0015_\u{301}é²", [.alterOptions("A", isManaged: false), .deleteModel("B")]),
                node("\"0016\\", [.removeIndex("A", "i", concurrently: true)]), node("0017"),
            ]
        let texts = nodes.enumerated().map { index, node in
            let text = MigrationWriter(node, moduleApp: "other").text.replacing("import Strait\n", with: "")
            return "enum Part\(index) {\n\(text)}\n"
        }
        let errors = try await compilerErrors("import StraitMigrations\nimport StraitModels\n" + texts.joined())
        #expect(errors == [])
        let mistakes = try await compilerErrors(
            "import StraitMigrations\n" + texts.joined() + "let operation = MigrationOperation.addField(1)")
        #expect(!mistakes.isEmpty)
    }

    @Test func `a default value without a literal is a question`() {
        #expect(DatabaseDefault(.double(.infinity), of: .float) == nil)
        #expect(DatabaseDefault(.double(.nan), of: .float) == nil)
        #expect(DatabaseDefault(.null, of: .text) == nil)
    }

    @Test func `default values survive their literals`() {
        let values: [DatabaseDefault] = [1, -2, 1.5, true, false, "text", .now]
        for value in values { #expect(DatabaseDefault(source: value.source) == value) }
        #expect(DatabaseDefault(source: "Date()") == nil)
    }
}
