internal import StraitModels

/// The division of operations into migrations of apps whose dependencies form no cycle.
struct MigrationBatches {
    private struct Batch {
        let app: String
        var operations: [MigrationOperation] = []
        /// The other new migrations that come first.
        var batches: Set<Int> = []
        /// The existing migrations that come first.
        var existing: Set<MigrationName> = []
    }

    let graph: MigrationGraph
    private var batches: [Batch] = []
    /// The last new migration of each app.
    private var last: [String: Int] = [:]
    /// The new migrations that create or rename models, and those that removed references to them.
    private var creators: [ModelName: Int] = [:]
    private var releases: [ModelName: Set<Int>] = [:]
    private var created: Set<ModelName> = []
    /// The references of each field, to know which model a removed one released.
    private var targets: [ModelName: [String: ModelName]] = [:]

    init(graph: MigrationGraph) {
        self.graph = graph
        for (model, table) in (try? graph.state())?.tables ?? [:] {
            for field in table.fields { targets[model, default: [:]][field.name] = field.reference?.model }
            for link in table.links { targets[model, default: [:]][link.name] = link.target.model }
        }
    }

    /// Whether one of the operations creates the model.
    func isCreated(_ model: ModelName) -> Bool { created.contains(model) }

    /// Adds an operation to the last migration of its app, or to a new one.
    mutating func add(_ operation: MigrationOperation, app: String, references: Set<ModelName>) {
        var needed: Set<Int> = []
        var existing: Set<MigrationName> = []
        for model in references where model.app != app {
            if let creator = creators[model] {
                needed.insert(creator)
            } else {
                existing.formUnion(graph.leaves(of: model.app))
            }
        }
        switch operation.kind {
        case .deleteModel(let name):
            needed.formUnion(releases[ModelName(app: app, name: name)] ?? [])
            existing.formUnion(users(of: ModelName(app: app, name: name)))
        case .renameModel(let name, _): existing.formUnion(users(of: ModelName(app: app, name: name)))
        default: break
        }
        let batch = place(app, needed)
        batches[batch].operations.append(operation)
        batches[batch].batches.formUnion(needed.subtracting([batch]))
        batches[batch].existing.formUnion(existing)
        note(operation, app, batch)
    }

    /// Returns the last migrations of all other apps that have ever referred to a model. They must run before it is
    /// deleted or renamed.
    private func users(of model: ModelName) -> [MigrationName] {
        let apps = Set(
            graph.nodes.values.filter { node in
                node.name.app != model.app
                    && node.operations.contains { $0.references(in: node.name.app).contains(model) }
            }.map(\.name.app))
        return apps.sorted().flatMap { graph.leaves(of: $0) }
    }

    /// Returns the app's last new migration. Starts another if a needed migration comes after it.
    private mutating func place(_ app: String, _ needed: Set<Int>) -> Int {
        if let current = last[app], !needed.contains(where: { $0 != current && isAfter($0, current) }) {
            return current
        }
        var batch = Batch(app: app)
        if let current = last[app] {
            batch.batches.insert(current)
        } else {
            batch.existing.formUnion(graph.leaves(of: app))
        }
        batches.append(batch)
        last[app] = batches.count - 1
        return batches.count - 1
    }

    /// Whether a new migration comes after another one.
    private func isAfter(_ batch: Int, _ other: Int) -> Bool {
        batch == other || batches[batch].batches.contains { isAfter($0, other) }
    }

    private mutating func note(_ operation: MigrationOperation, _ app: String, _ batch: Int) {
        func model(_ name: String) -> ModelName { ModelName(app: app, name: name) }
        func release(_ name: String, _ field: String) {
            guard let target = targets[model(name)]?[field] else { return }
            releases[target, default: []].insert(batch)
        }
        switch operation.kind {
        case .createModel(let name, _, _, _, _, _, _):
            creators[model(name)] = batch
            created.insert(model(name))
        case .renameModel(let name, let newName):
            creators[model(newName)] = batch
            targets[model(newName)] = targets.removeValue(forKey: model(name))
            targets = targets.mapValues { $0.mapValues { $0 == model(name) ? model(newName) : $0 } }
        case .removeField(let name, let field): release(name, field)
        case .alterField(let name, let field, _): release(name, field.name)
        case .deleteModel(let name):
            for field in targets[model(name)]?.keys.sorted() ?? [] { release(name, field) }
        case .renameField(let name, let field, let newName):
            let target = targets[model(name)]?.removeValue(forKey: field)
            targets[model(name)]?[newName] = target
        default: break
        }
    }

    /// Returns the migrations with their names and dependencies.
    func nodes(named name: String?) -> [MigrationNode] {
        var names: [MigrationName] = []
        var numbers: [String: Int] = [:]
        for batch in batches {
            let leaf = graph.leaves(of: batch.app).last
            let number = numbers[batch.app] ?? (leaf.map { ($0.number ?? 0) + 1 } ?? 1)
            numbers[batch.app] = number + 1
            let isInitial = leaf == nil
            let text = name ?? (isInitial ? "initial" : MigrationName.suggestion(for: batch.operations) ?? "auto")
            names.append(MigrationName(app: batch.app, name: MigrationName.text(number, text)))
        }
        return sorted.map { index in
            MigrationNode(
                names[index],
                dependencies: (batches[index].existing + batches[index].batches.map { names[$0] }).sorted(),
                operations: batches[index].operations)
        }
    }

    /// The migrations in order, each after its dependencies.
    private var sorted: [Int] {
        var order: [Int] = []
        func visit(_ index: Int) {
            if order.contains(index) { return }
            for other in batches[index].batches.sorted() { visit(other) }
            order.append(index)
        }
        for index in batches.indices { visit(index) }
        return order
    }
}
