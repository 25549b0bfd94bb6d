public import StraitModels

/// The tables of all apps at a point in the history of their migrations.
public struct ProjectState: Sendable, Hashable {
    /// The tables by the names of their models, without those of many-to-many fields.
    public internal(set) var tables: [ModelName: ModelTable] = [:]

    /// Creates a state without tables.
    public init() {}

    /// Creates the state of these models, as migrations should create them.
    package init(tables: [ModelTable]) {
        for table in tables where !table.isAutomatic { self.tables[table.model] = table.migrated }
    }

    /// Returns the table of a model, or of a many-to-many field as `gallery.Photo_tags`; nil if there is none.
    public func table(_ model: ModelName) -> ModelTable? {
        tables[model] ?? automaticTables.first { $0.model == model }
    }

    /// The tables in the order of their models' names.
    package var sorted: [ModelTable] { tables.values.sorted { $0.model < $1.model } }

    /// The tables of the many-to-many fields.
    var automaticTables: [ModelTable] { sorted.flatMap(\.automaticTables) }

    /// All tables in the database that migrations create.
    package var allTables: [ModelTable] { sorted + automaticTables }

    /// The foreign keys that refer to a model, with their tables.
    func references(to model: ModelName) -> [(table: ModelTable, field: ModelField)] {
        allTables.flatMap { table in
            table.fields.filter { $0.reference?.model == model }.map { (table, $0) }
        }
    }

    /// Returns the foreign keys with the type of a model's primary key: those that refer to it, and those that refer to
    /// a primary key which is such a foreign key.
    func keyReferences(to model: ModelName) -> [(table: ModelTable, field: ModelField)] {
        var found: [(table: ModelTable, field: ModelField)] = []
        var waiting = [model]
        var visited: Set<ModelName> = [model]
        while let next = waiting.popLast() {
            for (table, field) in references(to: next) {
                found.append((table, field))
                if field.isPrimaryKey, visited.insert(table.model).inserted { waiting.append(table.model) }
            }
        }
        return found
    }

    /// Returns the kind of the primary key that a foreign key refers to, through any number of primary keys that are
    /// foreign keys themselves.
    func keyKind(of field: ModelField) -> FieldKind {
        var field = field
        var visited: Set<ModelName> = []
        while let model = field.reference?.model, visited.insert(model).inserted, let table = tables[model] {
            field = table.primaryKey
        }
        return field.kind.isReference ? .bigAuto : field.kind
    }
}

extension ModelTable {
    /// The tables of the many-to-many fields that have no model.
    var automaticTables: [ModelTable] { links.compactMap { $0.automaticTable(in: self) } }

    /// The table without the properties that do not change the database.
    package var migrated: ModelTable {
        var table = ModelTable(model, name: name, fields: fields.map(\.migrated))
        table.links = links.map { $0.migrated(in: table) }
        table.indexes = indexes
        table.constraints = constraints
        table.uniqueTogether = uniqueTogether
        table.isManaged = isManaged
        return table
    }

    /// Replaces the name, and the names of the many-to-many tables that follow from it.
    mutating func rename(_ newName: String) {
        name = newName
        links = links.map { $0.migrated(in: self) }
    }
}

extension ModelField {
    /// The field without the properties that do not change the database.
    package var migrated: ModelField {
        var field = ModelField(name, name: name, column: column, kind: kind)
        field.isOptional = isOptional
        field.isPrimaryKey = isPrimaryKey
        field.isUnique = isUnique && !isPrimaryKey && kind != .oneToOne
        field.isIndexed = isIndexed
        field.databaseDefault = databaseDefault
        field.reference = reference.map { ModelReference($0.model, onDelete: $0.onDelete) }
        return field
    }
}

extension ModelLink {
    /// The field with the names of its table and columns, and without the properties that do not change the database.
    func migrated(in table: ModelTable) -> ModelLink {
        ModelLink(name, name: name, to: target.model, through: through?.model).completed(in: table)
    }
}
