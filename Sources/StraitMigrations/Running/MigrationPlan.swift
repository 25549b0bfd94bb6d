/// The migrations to apply or to undo, in order.
package struct MigrationPlan: Sendable {
    /// A migration of the plan.
    package struct Step: Sendable, Hashable {
        package let name: MigrationName
        /// Whether the migration is applied, or undone.
        package let isForward: Bool
    }

    package internal(set) var steps: [Step] = []

    /// The destination of a plan.
    package enum Target: Sendable, Hashable {
        /// The last migrations of all apps.
        case all
        /// The last migration of an app.
        case app(String)
        /// A migration, after which later ones of its app are undone.
        case migration(MigrationName)
        /// No migration of an app: all are undone.
        case zero(String)
    }

    /// Plans the way to a target.
    ///
    /// - Throws: ``MigrationError`` if an app has several last migrations.
    package init(
        _ target: Target, in graph: MigrationGraph, applied: Set<MigrationName>
    ) throws(MigrationError) {
        switch target {
        case .all:
            try graph.checkConflicts()
            forward(to: graph.apps.flatMap { graph.leaves(of: $0) }, graph, applied)
        case .app(let app):
            try graph.checkConflicts()
            forward(to: graph.leaves(of: app), graph, applied)
        case .migration(let name):
            if applied.contains(name) {
                backward(from: graph.children(of: name), graph, applied)
            } else {
                forward(to: [name], graph, applied)
            }
        case .zero(let app): backward(from: graph.order.filter { $0.app == app }, graph, applied)
        }
    }

    private mutating func forward(
        to names: [MigrationName], _ graph: MigrationGraph, _ applied: Set<MigrationName>
    ) {
        steps = graph.ancestors(of: names).filter { !applied.contains($0) }.map { Step(name: $0, isForward: true) }
    }

    private mutating func backward(
        from names: [MigrationName], _ graph: MigrationGraph, _ applied: Set<MigrationName>
    ) {
        steps = graph.descendants(of: names).filter(applied.contains).map { Step(name: $0, isForward: false) }
    }

    /// Throws an error if the plan undoes a migration with an operation that cannot be undone.
    package func checkReversible(in graph: MigrationGraph) throws(MigrationError) {
        for step in steps where !step.isForward {
            for (index, operation) in (graph.nodes[step.name]?.operations ?? []).enumerated()
            where !operation.isReversible {
                throw MigrationError(
                    "The migration \(step.name) cannot be undone: its operation \(index + 1) has no reverse. Nothing "
                        + "was changed. Give the operation a reverse, or restore a backup.")
            }
        }
    }
}

extension MigrationOperation {
    /// Whether the operation can be undone.
    var isReversible: Bool {
        switch kind {
        case .runSQL(_, let reverse): reverse != nil
        case .run(_, let reverse): reverse != nil
        default: true
        }
    }
}
