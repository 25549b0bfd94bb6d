internal import StraitDatabase
package import StraitModels

/// Finds the operations that lead from the tables after all migrations to those of the models.
package struct Autodetector {
    private let questioner: any Questioner
    private let graph: MigrationGraph
    private let target: ProjectState
    /// The fields of the models with their defaults in Swift.
    private let declared: [ModelName: ModelTable]
    /// The tables after the operations so far.
    private var state: ProjectState
    private var batches: MigrationBatches

    /// Creates a detector.
    ///
    /// - Parameters:
    ///   - graph: The migrations that exist.
    ///   - models: The tables of all models.
    ///   - questioner: Answers the questions that the differences leave open, such as whether a field was renamed.
    /// - Throws: ``MigrationError`` if the existing migrations are in conflict.
    package init(
        _ graph: MigrationGraph, models: [ModelTable], questioner: any Questioner
    ) throws(MigrationError) {
        try graph.checkConflicts()
        self.graph = graph
        self.questioner = questioner
        target = ProjectState(tables: models)
        declared = Dictionary(models.map { ($0.model, $0) }) { first, _ in first }
        state = try graph.state()
        batches = MigrationBatches(graph: graph)
    }

    /// Returns the new migrations, each after its dependencies; none if nothing has changed.
    ///
    /// - Parameter name: The name of the migrations without a number, or nil for Django's.
    package mutating func migrations(named name: String? = nil) throws -> [MigrationNode] {
        try renameModels()
        try prepareChanges()
        try createModels()
        try changeFields()
        try finishChanges()
        try deleteModels()
        return batches.nodes(named: name)
    }

    /// Adds an operation, and applies it to the state.
    private mutating func emit(_ app: String, _ operation: MigrationOperation) throws {
        batches.add(operation, app: app, references: operation.references(in: app))
        try state.apply(operation, in: app)
    }

    /// The models that exist before and after.
    private var keptModels: [ModelName] { state.tables.keys.filter { target.tables[$0] != nil }.sorted() }

    // MARK: Models

    private mutating func renameModels() throws {
        for new in target.sorted where state.tables[new.model] == nil {
            for old in state.sorted
            where old.model.app == new.model.app && target.tables[old.model] == nil && old.hasSameFields(as: new) {
                guard try questioner.isRenamed(old.model, to: new.model) else { continue }
                try emit(new.model.app, .renameModel(old.model.name, to: new.model.name))
                break
            }
        }
    }

    private mutating func createModels() throws {
        var waiting = target.sorted.filter { state.tables[$0.model] == nil }
        while !waiting.isEmpty {
            // The first model that needs no other new one; if all do, the first.
            let place =
                waiting.firstIndex { table in
                    table.targets.allSatisfy { $0 == table.model || state.tables[$0] != nil }
                } ?? waiting.firstIndex { table in
                    table.primaryKey.reference.map { state.tables[$0.model] != nil } ?? true
                } ?? 0
            try create(waiting.remove(at: place))
        }
    }

    private mutating func create(_ table: ModelTable) throws {
        func isPossible(_ model: ModelName) -> Bool { model == table.model || state.tables[model] != nil }
        let fields = table.fields.filter { $0.reference.map { isPossible($0.model) } ?? true }
        let links = table.links.filter {
            isPossible($0.target.model) && ($0.through.map { isPossible($0.model) } ?? true)
        }
        let columns = Set(fields.map(\.column))
        try emit(
            table.model.app,
            .createModel(
                table.model.name, table: table.name == table.model.tableName ? nil : table.name,
                fields: fields.map(MigrationField.init) + links.map(MigrationField.init),
                uniqueTogether: table.uniqueTogether.filter { columns.isSuperset(of: $0) },
                indexes: table.indexes.filter { columns.isSuperset(of: $0.columns.map(\.column)) },
                constraints: table.constraints.filter { $0.isPossible(with: columns, of: table) },
                isManaged: table.isManaged))
    }

    private mutating func deleteModels() throws {
        var waiting = state.sorted.filter { target.tables[$0.model] == nil }
        while !waiting.isEmpty {
            // A model to which no other one refers; in a circle, the first without its references.
            let free = waiting.firstIndex { table in
                !state.references(to: table.model).contains {
                    $0.table.model != table.model && !$0.table.isAutomatic
                } && !isLinked(table.model)
            }
            if let free {
                let table = waiting.remove(at: free)
                try emit(table.model.app, .deleteModel(table.model.name))
                continue
            }
            let table = waiting[0]
            for other in state.sorted where other.model != table.model {
                for field in other.fields where field.reference?.model == table.model {
                    try release(field.column, of: other.model)
                    try emit(other.model.app, .removeField(other.model.name, field.name))
                }
                for link in other.links where link.refers(to: table.model) {
                    try emit(other.model.app, .removeField(other.model.name, link.name))
                }
            }
        }
    }

    /// Removes the indexes and constraints that use a column.
    private mutating func release(_ column: String, of model: ModelName) throws {
        guard let table = state.tables[model] else { return }
        let kept = table.uniqueTogether.filter { !$0.contains(column) }
        if kept != table.uniqueTogether { try emit(model.app, .alterUniqueTogether(model.name, kept)) }
        for index in table.indexes where index.uses(column) {
            try emit(model.app, .removeIndex(model.name, index.name))
        }
        for constraint in table.constraints where constraint.uses(column) {
            try emit(model.app, .removeConstraint(model.name, constraint.name))
        }
    }

    /// Whether a many-to-many field of another model refers to a model.
    private func isLinked(_ model: ModelName) -> Bool {
        state.sorted.contains { $0.model != model && $0.links.contains { $0.refers(to: model) } }
    }

    // MARK: Fields

    /// Removes indexes and constraints, and renames fields and indexes.
    private mutating func prepareChanges() throws {
        for model in keptModels {
            guard let new = target.tables[model] else { continue }
            try renameFields(model, new)
            guard let old = state.tables[model] else { continue }
            for constraint in old.constraints where !new.constraints.contains(constraint) {
                try emit(model.app, .removeConstraint(model.name, constraint.name))
            }
            for index in old.indexes where !new.indexes.contains(index) {
                let renamed = new.indexes.first {
                    $0.columns == index.columns && $0.condition == index.condition && !old.indexes.contains($0)
                }
                if let renamed {
                    try emit(model.app, .renameIndex(model.name, index.name, to: renamed.name))
                } else {
                    try emit(model.app, .removeIndex(model.name, index.name))
                }
            }
            let kept = old.uniqueTogether.filter(new.uniqueTogether.contains)
            if kept != old.uniqueTogether { try emit(model.app, .alterUniqueTogether(model.name, kept)) }
        }
    }

    private mutating func renameFields(_ model: ModelName, _ new: ModelTable) throws {
        for field in new.fields {
            guard let old = state.tables[model], !old.has(field.name) else { continue }
            for gone in old.fields where !new.has(gone.name) && gone.hasSameDefinition(as: field) {
                guard try questioner.isRenamed(gone, to: field, of: model) else { continue }
                try emit(model.app, .renameField(model.name, gone.name, to: field.name))
                break
            }
        }
        for link in new.links {
            guard let old = state.tables[model], !old.has(link.name) else { continue }
            for gone in old.links
            where !new.has(gone.name) && gone.target == link.target && gone.through == link.through {
                let fields = (MigrationField(gone).placeholder, MigrationField(link).placeholder)
                guard try questioner.isRenamed(fields.0, to: fields.1, of: model) else { continue }
                try emit(model.app, .renameField(model.name, gone.name, to: link.name))
                break
            }
        }
    }

    private mutating func changeFields() throws {
        for model in keptModels {
            guard let new = target.tables[model], let old = state.tables[model] else { continue }
            for field in old.fields where !new.fields.contains(where: { $0.name == field.name }) {
                // The last column goes with its table.
                try emit(model.app, .removeField(model.name, field.name))
            }
            for link in old.links where !new.links.contains(where: { $0.isSameKind(as: link) }) {
                try emit(model.app, .removeField(model.name, link.name))
            }
        }
        for model in keptModels {
            guard let new = target.tables[model], let old = state.tables[model] else { continue }
            for field in new.fields {
                if let before = old.fields.first(where: { $0.name == field.name }) {
                    if before != field { try alter(before, to: field, of: model) }
                } else {
                    try add(field, to: model)
                }
            }
            for link in new.links {
                if let before = old.links.first(where: { $0.name == link.name }) {
                    if before.target != link.target || before.through != link.through {
                        try emit(model.app, .alterField(model.name, MigrationField(link)))
                    }
                } else {
                    try emit(model.app, .addField(model.name, MigrationField(link)))
                }
            }
        }
    }

    private mutating func add(_ field: ModelField, to model: ModelName) throws {
        let isCreated = batches.isCreated(model)
        let needsValue = !field.isOptional && field.databaseDefault == nil && !field.kind.isAutomatic && !isCreated
        let value = needsValue ? try value(for: field, of: model, isNew: true) : nil
        try emit(model.app, .addField(model.name, MigrationField(field), filling: value))
    }

    /// Returns the value of rows that have none: the default of the model, or the answer to a question.
    private func value(for field: ModelField, of model: ModelName, isNew: Bool) throws -> DatabaseDefault? {
        let declared = declared[model]?.fields.first { $0.name == field.name }
        if let value = declared?.initialValue, let fill = DatabaseDefault(value, of: field.kind) { return fill }
        if declared?.autoNow != nil { return .now }
        if declared?.isBlank == true, field.kind.neutralValue == "" { return "" }
        return try questioner.value(for: field, of: model, isNew: isNew)
    }

    private mutating func alter(_ old: ModelField, to new: ModelField, of model: ModelName) throws {
        let needsValue = old.isOptional && !new.isOptional && new.databaseDefault == nil
        let value = needsValue ? try value(for: new, of: model, isNew: false) : nil
        try emit(model.app, .alterField(model.name, MigrationField(new), filling: value))
    }

    /// Adds indexes and constraints, and changes tables.
    private mutating func finishChanges() throws {
        for model in keptModels {
            guard let new = target.tables[model], let old = state.tables[model] else { continue }
            if old.uniqueTogether != new.uniqueTogether {
                try emit(model.app, .alterUniqueTogether(model.name, new.uniqueTogether))
            }
            for index in new.indexes where !old.indexes.contains(index) {
                try emit(model.app, .addIndex(model.name, index))
            }
            for constraint in new.constraints where !old.constraints.contains(constraint) {
                try emit(model.app, .addConstraint(model.name, constraint))
            }
            if old.name != new.name {
                let name = new.name == model.tableName ? nil : new.name
                try emit(model.app, .alterTable(model.name, to: name))
            }
            if old.isManaged != new.isManaged {
                try emit(model.app, .alterOptions(model.name, isManaged: new.isManaged))
            }
        }
    }
}
