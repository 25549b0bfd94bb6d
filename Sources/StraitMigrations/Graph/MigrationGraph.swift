internal import StraitModels

/// The migrations of a site and their dependencies.
package struct MigrationGraph: Sendable {
    /// All migrations by name.
    package let nodes: [MigrationName: MigrationNode]
    /// All migrations, each after its dependencies.
    package let order: [MigrationName]
    private let dependents: [MigrationName: [MigrationName]]

    /// Creates a graph.
    ///
    /// - Throws: ``MigrationError`` if two migrations have the same name, a dependency is missing, or the
    ///   dependencies form a cycle.
    package init(_ nodes: [MigrationNode]) throws(MigrationError) {
        var byName: [MigrationName: MigrationNode] = [:]
        for node in nodes where byName.updateValue(node, forKey: node.name) != nil {
            throw MigrationError("Two migrations have the name \(node.name). Rename one of them.")
        }
        var dependents: [MigrationName: [MigrationName]] = [:]
        for node in nodes.sorted(by: { $0.name < $1.name }) {
            for dependency in node.dependencies {
                guard byName[dependency] != nil else {
                    throw MigrationError(
                        "The migration \(node.name) depends on \(dependency), which does not exist. Restore its file, "
                            + "install its app, or correct the dependency.")
                }
                dependents[dependency, default: []].append(node.name)
            }
        }
        self.nodes = byName
        self.dependents = dependents
        order = try Self.sorted(byName)
    }

    /// Creates the graph of a site.
    package init(_ migrations: [any Migration.Type]) throws(MigrationError) {
        var nodes: [MigrationNode] = []
        for migration in migrations { nodes.append(try Self.node(migration)) }
        try self.init(nodes)
    }

    private static func node<M: Migration>(_ migration: M.Type) throws(MigrationError) -> MigrationNode {
        try MigrationNode(migration)
    }

    /// Returns all migrations, each after its dependencies and otherwise by name.
    private static func sorted(_ nodes: [MigrationName: MigrationNode]) throws(MigrationError) -> [MigrationName] {
        var order: [MigrationName] = []
        var finished: Set<MigrationName> = []
        // The migrations between a start and the current one, without recursion.
        for start in nodes.keys.sorted() where !finished.contains(start) {
            var path: [(name: MigrationName, rest: [MigrationName])] = [(start, pending(start, nodes))]
            while var last = path.popLast() {
                guard let next = last.rest.popLast() else {
                    if finished.insert(last.name).inserted { order.append(last.name) }
                    continue
                }
                path.append(last)
                if finished.contains(next) { continue }
                if let place = path.firstIndex(where: { $0.name == next }) {
                    let cycle = (path[place...].map(\.name) + [next]).map(\.description)
                    throw MigrationError(
                        "The dependencies of migrations form a cycle: \(cycle.joined(separator: " → ")). Remove one "
                            + "of them.")
                }
                path.append((next, pending(next, nodes)))
            }
        }
        return order
    }

    private static func pending(_ name: MigrationName, _ nodes: [MigrationName: MigrationNode]) -> [MigrationName] {
        (nodes[name]?.dependencies ?? []).sorted().reversed()
    }

    // MARK: Queries

    /// The labels of all apps with migrations.
    package var apps: [String] { Set(nodes.keys.map(\.app)).sorted() }

    /// Returns the migrations of an app on which no other migration of the same app depends. More than one is a
    /// conflict.
    package func leaves(of app: String) -> [MigrationName] {
        nodes.keys.filter { name in
            name.app == app && !(dependents[name] ?? []).contains { $0.app == app }
        }.sorted()
    }

    /// Throws an error if an app has several last migrations.
    package func checkConflicts() throws(MigrationError) {
        for app in apps {
            let leaves = leaves(of: app)
            guard leaves.count > 1 else { continue }
            throw MigrationError(
                "The app \(app) has several last migrations: \(leaves.map(\.name).joined(separator: ", ")). Run "
                    + "makemigrations --merge, or make one of them depend on the other.")
        }
    }

    /// Returns a migration and everything that it depends on, in order.
    package func ancestors(of names: [MigrationName]) -> [MigrationName] {
        reachable(from: names) { nodes[$0]?.dependencies ?? [] }
    }

    /// Returns a migration and everything that depends on it, in the order of undoing.
    package func descendants(of names: [MigrationName]) -> [MigrationName] {
        reachable(from: names) { dependents[$0] ?? [] }.reversed()
    }

    /// Returns the migrations of the same app that depend directly on this one.
    package func children(of name: MigrationName) -> [MigrationName] {
        (dependents[name] ?? []).filter { $0.app == name.app }.sorted()
    }

    private func reachable(
        from names: [MigrationName], _ next: (MigrationName) -> [MigrationName]
    ) -> [MigrationName] {
        var found: Set<MigrationName> = []
        var waiting = names
        while let name = waiting.popLast() {
            if found.insert(name).inserted { waiting += next(name) }
        }
        return order.filter(found.contains)
    }

    /// Returns the migration of an app whose name begins with `prefix`.
    ///
    /// - Throws: ``MigrationError`` if there is none or several.
    package func find(_ prefix: String, in app: String) throws(MigrationError) -> MigrationName {
        let exact = MigrationName(app: app, name: prefix)
        if nodes[exact] != nil { return exact }
        let matches = order.filter { $0.app == app && $0.name.hasPrefix(prefix) }
        guard let match = matches.first else {
            throw MigrationError(
                "The app \(app) has no migration whose name begins with '\(prefix)'. Run showmigrations for a list.")
        }
        guard matches.count == 1 else {
            throw MigrationError(
                "Several migrations of the app \(app) begin with '\(prefix)': "
                    + "\(matches.map(\.name).joined(separator: ", ")). Write more of the name.")
        }
        return match
    }

    /// Returns the tables after these migrations, or after all.
    ///
    /// - Throws: ``MigrationError`` with the migration's name if one of its operations is not possible.
    package func state(after names: Set<MigrationName>? = nil) throws(MigrationError) -> ProjectState {
        var state = ProjectState()
        for name in order where names?.contains(name) ?? true {
            if let node = nodes[name] { _ = try node.apply(to: &state) }
        }
        return state
    }
}

extension MigrationNode {
    /// Applies the operations to the tables. Returns the states before each operation and after the last.
    func apply(to state: inout ProjectState) throws(MigrationError) -> [ProjectState] {
        var states = [state]
        for (index, operation) in operations.enumerated() {
            do throws(MigrationError) { try state.apply(operation, in: name.app) } catch {
                throw MigrationError("Operation \(index + 1) of the migration \(name) is not possible. \(error)")
            }
            states.append(state)
        }
        return states
    }
}
