import Foundation
import StraitMigrations
import StraitModels
import TestFolders
import Testing

@testable import Strait

@Model(app: "shelf") private struct Book {
    @MaxLength(40) var title: String
    var pages: Int32?
}

/// A site whose folder is temporary.
private struct ShelfSite: Site {
    @TaskLocal static var folder = ""

    var files: AppFiles { AppFiles(folder: Self.folder) }
    var models: [any Model.Type] { [Book.self] }
    var migrations: [any Migration.Type] { [] }
}

@Suite struct MakeMigrationsCommand {
    private func withFolder(_ body: (String) async throws -> Void) async throws {
        try await withTemporaryFolder { folder in
            try await ShelfSite.$folder.withValue(folder) { try await body(folder) }
        }
    }

    @Test func `makemigrations writes a file into the app's folder`() async throws {
        try await withFolder { folder in
            let path = folder + "/Migrations/0001_initial.swift"
            let run = await ProgramRun.of(ShelfSite(), "makemigrations shelf")
            #expect(
                run.output == [path, "  - Create model Book", "Build the site again, and run migrate."])
            let text = try String(contentsOfFile: path, encoding: .utf8)
            #expect(
                text == """
                    import Strait

                    struct M0001_initial: Migration {
                        static let app = "shelf"
                        static let operations: [MigrationOperation] = [
                            .createModel("Book", fields: [.bigAuto("id"), .char("title", maxLength: 40), \
                    .integer("pages").optional()])
                        ]
                    }

                    """)
        }
    }

    @Test func `--check and --dry-run write nothing, and --name and --empty choose the file`() async throws {
        try await withFolder { folder in
            #expect(
                await ProgramRun.of(ShelfSite(), "makemigrations --check").errors == [
                    "mysite: Models have changed without a migration: shelf.0001_initial. Run makemigrations."
                ])
            let dry = await ProgramRun.of(ShelfSite(), "makemigrations --dry-run --name start")
            #expect(
                dry.output.first == folder + "/Migrations/0001_start.swift"
                    && dry.output.last?.contains("M0001_start") == true)
            let files = try FileManager.default.contentsOfDirectory(atPath: folder)
            #expect(files.isEmpty)
            _ = await ProgramRun.of(ShelfSite(), "makemigrations shelf --empty --name fill")
            let filling = try String(contentsOfFile: folder + "/Migrations/0001_fill.swift", encoding: .utf8)
            #expect(
                filling.contains(
                    "static let operations: [MigrationOperation] = []"))
            #expect(
                await ProgramRun.of(ShelfSite(), "makemigrations --name a-b").errors == [
                    "mysite: 'a-b' cannot be the name of a migration. Use letters, digits and underscores only."
                ])
            #expect(
                await ProgramRun.of(ShelfSite(), "makemigrations books").errors == [
                    "mysite: The site has no models or migrations of an app books. Install it, or correct the name."
                ])
        }
    }
}
