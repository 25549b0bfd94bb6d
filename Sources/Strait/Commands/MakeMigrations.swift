internal import Foundation
import StraitCommandLine
import StraitMigrations
import StraitModels

/// Writes the migrations that lead to the models; Django's `makemigrations`.
struct MakeMigrations: Command {
    static let name = "makemigrations"
    static let summary = "Writes migrations for changed models."
    static let startsServices = false

    var apps: [String] = []
    var migrationName: String?
    var onlyChecks = false
    var onlyPrints = false
    var isEmpty = false
    var merges = false

    static var options: [CommandOption<MakeMigrations>] {
        [
            .arguments("[APP …]", "The apps (default: all).", \.apps),
            .value("--name", "NAME", "The name of the migration, without its number.", \.migrationName),
            .flag("--check", "Whether to fail if models have changed, without writing.", \.onlyChecks),
            .flag("--dry-run", "Whether to print the files without writing them.", \.onlyPrints),
            .flag("--empty", "Whether to write a migration without operations, for data steps.", \.isEmpty),
            .flag("--merge", "Whether to join several last migrations of an app.", \.merges),
        ]
    }

    func run(_ context: CommandContext) async throws {
        let schema = context.parts.schema
        let graph = try schema.graph()
        for app in apps where schema.homes[app] == nil {
            throw CommandError(
                "The site has no models or migrations of an app \(app). Install it, or correct the name.")
        }
        let asks = context.hasTerminal && !onlyChecks
        let questioner: any Questioner =
            asks ? TerminalQuestioner { context.ask($0) } : SilentQuestioner()
        let maker = MigrationMaker(graph, models: schema.registry.tables, questioner: questioner)
        let nodes = try nodes(maker)
        if nodes.isEmpty {
            return context.print(merges ? "No conflicts to merge." : "No changes detected.")
        }
        if onlyChecks {
            throw CommandError(
                "Models have changed without a migration: \(nodes.map(\.name.description).joined(separator: ", ")). "
                    + "Run makemigrations.")
        }
        for node in nodes { try write(node, schema, context) }
        if !onlyPrints { context.print("Build the site again, and run migrate.") }
    }

    private func nodes(_ maker: MigrationMaker) throws -> [MigrationNode] {
        if merges { return try maker.merges(named: migrationName) }
        guard isEmpty else { return try maker.changes(of: Set(apps), named: migrationName) }
        guard !apps.isEmpty else { throw UsageError("makemigrations --empty needs the name of an app.") }
        return try apps.map { try maker.empty($0, named: migrationName) }
    }

    private func write(_ node: MigrationNode, _ schema: SiteSchema, _ context: CommandContext) throws {
        let home = schema.homes[node.name.app]
        let writer = MigrationWriter(node, moduleApp: home?.moduleApp)
        guard let folder = home?.folder, FileManager.default.fileExists(atPath: folder) || onlyPrints else {
            throw CommandError(
                "The folder of the app \(node.name.app) is unknown. Add the plugin StraitAppFiles to its target, and "
                    + "run makemigrations where the program was built.")
        }
        let path = folder + "/Migrations/" + writer.fileName
        context.print("\(path)")
        for operation in node.operations { context.print("  - " + operation.summary) }
        if onlyPrints { return context.print(writer.text) }
        do {
            try FileManager.default.createDirectory(atPath: folder + "/Migrations", withIntermediateDirectories: true)
            try writer.text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw CommandError("\(path) cannot be written: \(error.localizedDescription)")
        }
    }
}
