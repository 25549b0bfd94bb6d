internal import Foundation
import StraitCommandLine
import StraitMigrations
import StraitModels

/// Prints models of the tables of a database; Django's `inspectdb`.
struct InspectDB: Command {
    static let name = "inspectdb"
    static let summary = "Prints Swift models of the tables of a database."
    static let startsServices = false

    var tables: [String] = []
    var database = "default"

    static var options: [CommandOption<InspectDB>] {
        [
            .arguments("[TABLE …]", "The tables (default: all).", \.tables),
            .value("--database", "NAME", "The database (default: default).", \.database),
        ]
    }

    func run(_ context: CommandContext) async throws {
        try await context.withDatabase(database) { database in
            let inspector = TableInspector(database)
            let names = try await inspector.names()
            for table in tables where !names.contains(table) {
                throw CommandError("The database has no table \(table). It has: \(names.joined(separator: ", ")).")
            }
            let source = ModelSource(
                try await inspector.tables(), shown: tables.isEmpty ? nil : Set(tables), engine: database.engine)
            context.print(source.text)
        }
    }
}

/// Deletes all rows of the models; Django's `flush`.
struct Flush: Command {
    static let name = "flush"
    static let summary = "Deletes all rows of the site's tables."
    static let startsServices = false

    var database = "default"
    var isConfirmed = false

    static var options: [CommandOption<Flush>] {
        [
            .value("--database", "NAME", "The database (default: default).", \.database),
            .flag("--yes", "Whether to delete the rows without asking.", \.isConfirmed),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let models = context.parts.schema.registry.tables
        try context.confirm(isConfirmed, ["All rows of \(models.count) tables are deleted"])
        try await context.withDatabase(database) { try await Fixtures($0, models: models).flush() }
    }
}

/// Prints rows as JSON; Django's `dumpdata`.
struct DumpData: Command {
    static let name = "dumpdata"
    static let summary = "Prints rows as a fixture in Django's JSON format."
    static let startsServices = false

    var names: [String] = []
    var database = "default"
    var file: String?

    static var options: [CommandOption<DumpData>] {
        [
            .arguments("[APP[.MODEL] …]", "The apps or models (default: all).", \.names),
            .value("--database", "NAME", "The database (default: default).", \.database),
            .value("--output", "FILE", "The file to write, instead of printing.", \.file),
        ]
    }

    func run(_ context: CommandContext) async throws {
        try await context.withDatabase(database) { database in
            let fixtures = Fixtures(database, models: context.parts.schema.registry.tables)
            let lines = try await fixtures.dump(names)
            guard let file else { return lines.forEach { context.print($0) } }
            do {
                try (lines.joined(separator: "\n") + "\n").write(toFile: file, atomically: true, encoding: .utf8)
            } catch {
                throw CommandError("\(file) cannot be written: \(error.localizedDescription)")
            }
        }
    }
}

/// Loads rows from JSON; Django's `loaddata`.
struct LoadData: Command {
    static let name = "loaddata"
    static let summary = "Loads fixtures in Django's JSON format."
    static let startsServices = false

    var files: [String] = []
    var database = "default"

    static var options: [CommandOption<LoadData>] {
        [
            .arguments("FILE …", "The fixtures.", \.files),
            .value("--database", "NAME", "The database (default: default).", \.database),
        ]
    }

    func run(_ context: CommandContext) async throws {
        guard !files.isEmpty else { throw UsageError("loaddata needs the path of a fixture.") }
        try await context.withDatabase(database) { database in
            let fixtures = Fixtures(database, models: context.parts.schema.registry.tables)
            var count = 0
            for file in files {
                guard FileManager.default.fileExists(atPath: file) else {
                    throw CommandError("The file \(file) does not exist. Correct the path.")
                }
                guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
                    throw CommandError("The file \(file) cannot be read, or is not UTF-8. Save it in that encoding.")
                }
                count += try await fixtures.load(text)
            }
            context.print("Loaded \(count) \(count == 1 ? "row" : "rows").")
        }
    }
}
