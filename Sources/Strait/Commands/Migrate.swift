import StraitCommandLine
import StraitMigrations

/// Applies migrations, or undoes them; Django's `migrate`.
struct Migrate: Command {
    static let name = "migrate"
    static let summary = "Applies migrations to the database, or undoes them."
    static let startsServices = false

    var words: [String] = []
    var database = "default"
    var isFake = false
    var onlyPlans = false
    var isConfirmed = false

    static var options: [CommandOption<Migrate>] {
        [
            .arguments(
                "[APP [MIGRATION]]",
                "The app, and its migration to go to: the start of its name, or zero to undo all (default: all apps).",
                \.words),
            .value("--database", "NAME", "The database (default: default).", \.database),
            .flag("--fake", "Whether to note the migrations without running them.", \.isFake),
            .flag("--plan", "Whether to print what would be done only.", \.onlyPlans),
            .flag("--yes", "Whether to delete data without asking.", \.isConfirmed),
        ]
    }

    func run(_ context: CommandContext) async throws {
        guard words.count <= 2 else { throw UsageError("migrate takes an app and a migration.") }
        try await context.withMigrator(database) { migrator in
            let plan = try await migrator.plan(try target(migrator.graph))
            if plan.steps.isEmpty {
                context.print("No migrations to apply.")
                if words.isEmpty, Self.hasChanges(migrator.graph, context) {
                    context.warn(
                        "The models have changes that are in no migration. Run makemigrations, build, and run migrate "
                            + "again.")
                }
                return
            }
            if onlyPlans { return plan.steps.forEach { context.print("  " + Self.text($0)) } }
            try plan.checkReversible(in: migrator.graph)
            if !isFake {
                let losses = try await migrator.losses(of: plan)
                try context.confirm(isConfirmed, losses.map { "\($0.migration) deletes \($0.description)" })
            }
            try await migrator.run(plan, isFake: isFake) { context.print("  " + Self.text($0)) }
            try await context.withDatabase(database) { database in
                for app in context.parts.apps { try await app.afterMigrate(database) }
            }
            context.print("\(plan.steps.count) \(plan.steps.count == 1 ? "migration" : "migrations") done.")
        }
    }

    /// Whether `makemigrations` would write a migration.
    private static func hasChanges(_ graph: MigrationGraph, _ context: CommandContext) -> Bool {
        let maker = MigrationMaker(
            graph, models: context.parts.schema.registry.tables, questioner: SilentQuestioner())
        // A change that needs an answer is a change too.
        do { return try !maker.changes().isEmpty } catch { return true }
    }

    private static func text(_ step: MigrationPlan.Step) -> String {
        (step.isForward ? "Applying " : "Undoing ") + step.name.description
    }

    private func target(_ graph: MigrationGraph) throws -> MigrationPlan.Target {
        guard let app = words.first else { return .all }
        guard graph.apps.contains(app) else {
            throw CommandError(
                "The site has no migrations of an app \(app). Run makemigrations, or correct the name: "
                    + "\(graph.apps.joined(separator: ", ")).")
        }
        guard words.count == 2 else { return .app(app) }
        return words[1] == "zero" ? .zero(app) : .migration(try graph.find(words[1], in: app))
    }
}

/// Lists the migrations; Django's `showmigrations`.
struct ShowMigrations: Command {
    static let name = "showmigrations"
    static let summary = "Lists the migrations, with a mark for those that are applied."
    static let startsServices = false

    var apps: [String] = []
    var database = "default"

    static var options: [CommandOption<ShowMigrations>] {
        [
            .arguments("[APP …]", "The apps (default: all).", \.apps),
            .value("--database", "NAME", "The database (default: default).", \.database),
        ]
    }

    func run(_ context: CommandContext) async throws {
        try await context.withMigrator(database) { migrator in
            for line in try await migrator.list(apps) { context.print(line) }
        }
    }
}

/// Prints the statements of a migration; Django's `sqlmigrate`.
struct SQLMigrate: Command {
    static let name = "sqlmigrate"
    static let summary = "Prints the SQL of a migration."
    static let startsServices = false

    var app = ""
    var migration = ""
    var database = "default"
    var isBackward = false

    static var options: [CommandOption<SQLMigrate>] {
        [
            .argument("APP", "The app.", \.app),
            .argument("MIGRATION", "The start of the migration's name.", \.migration),
            .value("--database", "NAME", "The database (default: default).", \.database),
            .flag("--backwards", "Whether to print how the migration is undone.", \.isBackward),
        ]
    }

    func run(_ context: CommandContext) async throws {
        try await context.withMigrator(database) { migrator in
            let name = try migrator.graph.find(migration, in: app)
            context.print(try await migrator.script(of: name, isForward: !isBackward))
        }
    }
}
