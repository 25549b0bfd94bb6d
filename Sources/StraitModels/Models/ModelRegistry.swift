import FoundationEssentials
public import StraitDatabase

/// The models of a site, which a database needs to apply the rules of foreign keys.
public struct ModelRegistry: DatabaseSchema {
    /// The tables of all models, and of the many-to-many fields without a model of their own.
    public let tables: [ModelTable]
    private let references: [ModelName: [(ModelTable, ModelField)]]

    /// Creates a registry.
    public init(_ models: [any Model.Type]) {
        self.init(tables: models.map { $0.table })
    }

    /// Creates a registry of tables.
    package init(tables: [ModelTable]) {
        self.tables = tables + tables.flatMap { table in table.links.compactMap { $0.automaticTable(in: table) } }
        var references: [ModelName: [(ModelTable, ModelField)]] = [:]
        for table in self.tables {
            for field in table.fields {
                if let target = field.reference?.model { references[target, default: []].append((table, field)) }
            }
        }
        self.references = references
    }

    /// Returns the table of a model, or nil if there is no such model.
    public func table(_ model: ModelName) -> ModelTable? { tables.first { $0.model == model } }

    /// Returns the foreign keys that refer to a model.
    func references(to model: ModelName) -> [(ModelTable, ModelField)] { references[model] ?? [] }

    /// Whether a foreign key refers to a model.
    func hasReferences(to model: ModelName) -> Bool { !references(to: model).isEmpty }
}

extension Database {
    /// The models of the site. Without them, foreign keys follow the rules of the tables in the database.
    public var models: ModelRegistry { schema as? ModelRegistry ?? ModelRegistry(tables: []) }
}
