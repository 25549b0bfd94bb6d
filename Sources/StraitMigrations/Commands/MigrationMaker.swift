package import StraitModels

/// Creates the migrations that are missing; Django's `makemigrations`.
package struct MigrationMaker {
    private let graph: MigrationGraph
    private let models: [ModelTable]
    private let questioner: any Questioner

    package init(_ graph: MigrationGraph, models: [ModelTable], questioner: any Questioner) {
        self.graph = graph
        self.models = models
        self.questioner = questioner
    }

    /// Returns the migrations that bring the tables in line with the models.
    ///
    /// - Parameters:
    ///   - apps: The labels of the apps to write migrations for, or an empty list for all. Migrations of other apps on
    ///     which they depend are included.
    ///   - name: The name without a number, or nil for Django's.
    package func changes(of apps: Set<String> = [], named name: String? = nil) throws -> [MigrationNode] {
        var detector = try Autodetector(graph, models: models, questioner: questioner)
        let nodes = try detector.migrations(named: try name.map(Self.checked))
        if apps.isEmpty { return nodes }
        let byName = Dictionary(nodes.map { ($0.name, $0) }) { first, _ in first }
        var wanted: Set<MigrationName> = []
        var waiting = nodes.map(\.name).filter { apps.contains($0.app) }
        while let name = waiting.popLast() {
            if wanted.insert(name).inserted {
                waiting += byName[name]?.dependencies.filter { byName[$0] != nil } ?? []
            }
        }
        return nodes.filter { wanted.contains($0.name) }
    }

    /// Returns a migration without operations, for data steps.
    package func empty(_ app: String, named name: String?) throws(MigrationError) -> MigrationNode {
        try graph.checkConflicts()
        let leaf = graph.leaves(of: app).last
        return MigrationNode(
            MigrationName(
                app: app,
                name: MigrationName.text((leaf?.number ?? 0) + 1, try name.map(Self.checked) ?? "custom")),
            dependencies: leaf.map { [$0] } ?? [], operations: [])
    }

    /// Returns a migration for each app with several last migrations, which merges them. Without a conflict, returns
    /// an empty list.
    package func merges(named name: String? = nil) throws(MigrationError) -> [MigrationNode] {
        var nodes: [MigrationNode] = []
        for app in graph.apps {
            let leaves = graph.leaves(of: app)
            guard leaves.count > 1 else { continue }
            let number = (leaves.compactMap(\.number).max() ?? 0) + 1
            let text =
                try name.map(Self.checked)
                ?? "merge_" + leaves.map(\.name).joined(separator: "_").prefix(46)
            nodes.append(
                MigrationNode(
                    MigrationName(app: app, name: MigrationName.text(number, text)), dependencies: leaves,
                    operations: []))
        }
        return nodes
    }

    /// Returns `name` if a type's name can contain it.
    ///
    /// - Throws: ``MigrationError`` if it contains other characters.
    private static func checked(_ name: String) throws(MigrationError) -> String {
        guard !name.isEmpty, name.unicodeScalars.allSatisfy(\.properties.isXIDContinue) else {
            throw MigrationError(
                "'\(name)' cannot be the name of a migration. Use letters, digits and underscores only.")
        }
        return name
    }
}
