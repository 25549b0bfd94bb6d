extension Migrator {
    /// Returns the migrations of apps with a mark for those that are applied; Django's `showmigrations`.
    ///
    /// - Parameter apps: The labels, or an empty list for all.
    /// - Throws: ``MigrationError`` if an app has no migrations.
    package func list(_ apps: [String]) async throws -> [String] {
        let applied = try await applied()
        for app in apps where !graph.apps.contains(app) {
            throw MigrationError(
                "The site has no migrations of an app \(app). Its apps with migrations: "
                    + "\(graph.apps.joined(separator: ", ")).")
        }
        var lines: [String] = []
        for app in apps.isEmpty ? graph.apps : apps {
            lines.append(app)
            lines += graph.order.filter { $0.app == app }.map { " [\(applied.contains($0) ? "X" : " ")] \($0.name)" }
        }
        return lines
    }
}
