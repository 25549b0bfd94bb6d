internal import Glibc
import StraitCommandLine
import StraitDatabase
import StraitMigrations
import StraitWeb

extension CommandContext {
    /// Calls `body` with a database of the site, and closes it afterwards.
    ///
    /// - Parameter name: The name of the database: `default`, or `archive` for `DATABASE_URL_ARCHIVE`.
    func withDatabase(_ name: String = "default", _ body: (Database) async throws -> Void) async throws {
        let databases = try Databases(settings, parts.schema.registry)
        guard let database = databases[name] else {
            throw CommandError(
                "There is no database '\(name)'. Set DATABASE_URL_\(name.uppercased()), or choose another name.")
        }
        let result: Result<Void, any Error>
        do { result = .success(try await body(database)) } catch { result = .failure(error) }
        await databases.default.stop()
        await databases.stop()
        try result.get()
    }

    /// Calls `body` with a migrator of the site.
    func withMigrator(_ name: String = "default", _ body: (Migrator) async throws -> Void) async throws {
        let graph = try parts.schema.graph()
        try await withDatabase(name) { try await body(Migrator($0, graph)) }
    }

    /// Prints a warning if migrations are not applied.
    func warnOfMigrations(_ site: ComposedSite) async {
        guard !parts.schema.migrations.isEmpty, let database = site.services.find(Database.self) else { return }
        do {
            let names = try await Migrator(database, parts.schema.graph()).unapplied()
            if names.isEmpty { return }
            let apps = Set(names.map(\.app)).sorted().joined(separator: ", ")
            warn(
                "\(names.count) \(names.count == 1 ? "migration is" : "migrations are") not applied, of the apps "
                    + "\(apps). Run migrate.")
        } catch {
            warn("The migrations cannot be read: \(error)")
        }
    }

    /// Whether a user can answer questions.
    var hasTerminal: Bool { input.isTerminal() }

    /// Prints a question and returns the answer, or nil at the end of the input.
    func ask(_ question: String) -> String? {
        print(question)
        return readLine()
    }

    /// Throws an error unless the user confirms.
    ///
    /// - Parameters:
    ///   - isGiven: Whether the option `--yes` confirms.
    ///   - effects: The consequences, one per line.
    func confirm(_ isGiven: Bool, _ effects: [String]) throws {
        if isGiven || effects.isEmpty { return }
        guard hasTerminal else {
            throw CommandError("This deletes data: \(effects.joined(separator: "; ")). Run it with --yes to confirm.")
        }
        for line in effects { print("  " + line) }
        guard ask("This deletes data. Continue? [y/N]")?.lowercased().hasPrefix("y") == true else {
            throw CommandError("Stopped. Nothing was changed.")
        }
    }
}
