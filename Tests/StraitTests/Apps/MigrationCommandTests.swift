import FolderApp
import Foundation
import StraitDatabase
import TestFolders
import Testing

@testable import Strait

/// A site with the models and migrations of a target.
private struct LeafSite: Site {
    var installedApps: [any App] { [FolderApp()] }
}

/// A site whose last change of a model is in no migration.
private struct HalfLeafSite: Site {
    private struct HalfApp: App {
        var label: String { "folder_app" }
        var models: [any Model.Type] { FolderApp().models }
        var migrations: [any Migration.Type] { [FolderApp().migrations[0]] }
    }

    var installedApps: [any App] { [HalfApp()] }
}

@Suite struct MigrationCommands {
    @Test func `migrate warns of changes that are in no migration`() async throws {
        try await withTemporaryFolder { folder in
            let environment = ["DEBUG": "true", "DATABASE_URL": "sqlite:///\(folder)/db.sqlite3"]
            _ = await ProgramRun.of(HalfLeafSite(), "migrate", environment: environment)
            let again = await ProgramRun.of(HalfLeafSite(), "migrate", environment: environment)
            #expect(again.output == ["No migrations to apply."])
            #expect(
                again.errors.joined().contains(
                    "The models have changes that are in no migration. Run makemigrations, build, and run"
                ))
        }
    }

    /// Calls `body` with a function that runs a command line on a new SQLite file.
    private func withSite(
        _ body: (_ run: (String) async -> ProgramRun, _ url: String) async throws -> Void
    ) async throws {
        try await withTemporaryFolder { folder in
            let url = "sqlite:///\(folder)/db.sqlite3"
            try await body(
                { await ProgramRun.of(LeafSite(), $0, environment: ["DEBUG": "true", "DATABASE_URL": url]) }, url)
        }
    }

    @Test func `the plugin lists the models and migrations of a target`() {
        #expect(FolderApp().models.map { $0.modelName.description } == ["folder_app.Leaf"])
        #expect(FolderApp().migrations.map { $0.name } == ["0001_initial", "0002_leaf_parent"])
    }

    @Test func `migrate applies and undoes, and showmigrations shows it`() async throws {
        try await withSite { run, _ in
            #expect(
                await run("showmigrations").output == ["folder_app", " [ ] 0001_initial", " [ ] 0002_leaf_parent"])
            #expect(
                await run("migrate").output == [
                    "  Applying folder_app.0001_initial", "  Applying folder_app.0002_leaf_parent",
                    "2 migrations done.",
                ])
            #expect(await run("migrate").output == ["No migrations to apply."])
            #expect(
                await run("migrate folder_app 0001").output == [
                    "  Undoing folder_app.0002_leaf_parent", "1 migration done.",
                ])
            #expect(
                await run("showmigrations folder_app").output == [
                    "folder_app", " [X] 0001_initial", " [ ] 0002_leaf_parent",
                ])
            #expect(
                await run("makemigrations --check") == ProgramRun(code: 0, output: ["No changes detected."], errors: [])
            )
            #expect(
                await run("migrate zoo").errors == [
                    "mysite: The site has no migrations of an app zoo. Run makemigrations, or correct "
                        + "the name: folder_app."
                ])
        }
    }

    @Test func `rows are deleted only after a confirmation`() async throws {
        try await withSite { run, url in
            _ = await run("migrate")
            let database = try Database(url: url)
            try await database.execute("INSERT INTO folder_app_leaf (name) VALUES ('a'), ('b')")
            await database.stop()
            #expect(
                await run("migrate folder_app zero").errors == [
                    "mysite: This deletes data: folder_app.0001_initial deletes 2 rows of the table folder_app_leaf. "
                        + "Run it with --yes to confirm."
                ])
            #expect(await run("migrate folder_app zero --yes").code == 0)
            #expect(await run("showmigrations").output.last == " [ ] 0002_leaf_parent")
        }
    }

    @Test func `sqlmigrate prints the statements`() async throws {
        try await withSite { run, _ in
            #expect(
                await run("sqlmigrate folder_app 0001").output == [
                    """
                    BEGIN;
                    --
                    -- Create model Leaf
                    --
                    CREATE TABLE "folder_app_leaf" ("id" integer NOT NULL PRIMARY KEY AUTOINCREMENT, \
                    "name" varchar(30) NOT NULL);
                    COMMIT;
                    """
                ])
        }
    }

    @Test func `rows are dumped, deleted and loaded`() async throws {
        try await withSite { run, url in
            _ = await run("migrate")
            let database = try Database(url: url)
            try await database.execute("INSERT INTO folder_app_leaf (name, parent_id) VALUES ('a', NULL), ('b', 1)")
            await database.stop()
            let dump = await run("dumpdata")
            #expect(
                dump.output == [
                    "[",
                    #"{"model":"folder_app.leaf","pk":1,"fields":{"name":"a","parent":null}},"#,
                    #"{"model":"folder_app.leaf","pk":2,"fields":{"name":"b","parent":1}}"#, "]",
                ])
            try await withTemporaryFolder { folder in
                try dump.output.joined(separator: "\n").write(
                    toFile: folder + "/leaves.json", atomically: false, encoding: .utf8)
                #expect(await run("flush --yes").code == 0)
                #expect(await run("dumpdata").output == ["[", "]"])
                #expect(await run("loaddata \(folder)/leaves.json").output == ["Loaded 2 rows."])
                #expect(await run("dumpdata") == dump)
            }
        }
    }

    @Test func `inspectdb prints models`() async throws {
        try await withSite { run, _ in
            _ = await run("migrate")
            #expect(
                await run("inspectdb folder_app_leaf").output == [
                    """
                    import Strait

                    @Model(table: "folder_app_leaf")
                    struct FolderAppLeaf {
                        @MaxLength(30) var name: String
                        @ForeignKey(onDelete: .doNothing) var parent: FolderAppLeaf.ID?
                    }

                    """
                ])
        }
    }

    @Test func `a password is no argument of the database's program`() throws {
        let call = ShellCall(try DatabaseURL("postgres://ada:secret@db.example.org:5433/zoo"))
        #expect(call.words == ["psql", "-h", "db.example.org", "-p", "5433", "-U", "ada", "-d", "zoo"])
        #expect(call.environment["PGPASSWORD"] == "secret")
        #expect(ShellCall(try DatabaseURL("sqlite:///a.db")).words == ["sqlite3", "a.db"])
    }
}
