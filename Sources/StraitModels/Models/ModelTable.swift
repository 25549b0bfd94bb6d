/// A model's table, as plain data: its names, fields and options.
public struct ModelTable: Sendable, Hashable {
    /// The name of the model.
    public var model: ModelName
    /// The name of the table in the database; Django's `db_table`.
    public var name: String
    /// All fields, in the order of the columns. An automatic primary key is the first.
    public var fields: [ModelField]
    /// The many-to-many fields.
    public var links: [ModelLink] = []
    /// The order of queries that have none; Django's `ordering`.
    public var ordering: [ColumnOrder] = []
    /// The indexes of several columns or with a condition; Django's `indexes`.
    public var indexes: [ModelIndex] = []
    /// The constraints; Django's `constraints`.
    public var constraints: [ModelConstraint] = []
    /// The lists of columns whose values together may occur once; Django's `unique_together`.
    public var uniqueTogether: [[String]] = []
    /// Whether migrations create and change the table; Django's `managed`.
    public var isManaged = true
    /// Whether the table is the join table of a many-to-many field, which no `@Model` declares.
    public var isAutomatic = false
    /// The name of one row for people; Django's `verbose_name`.
    public var verboseName: String
    /// The name of several rows for people; Django's `verbose_name_plural`.
    public var verboseNamePlural: String

    /// Creates a table. Migrations do this.
    public init(_ model: ModelName, name: String? = nil, fields: [ModelField]) {
        self.model = model
        self.name = name ?? model.tableName
        self.fields = fields
        verboseName = model.verboseName
        verboseNamePlural = model.verboseName + "s"
    }

    /// Creates the table of a model. The macro `@Model` does this.
    public init<M: Model>(_ model: M.Type, name: String?, fields: [ModelField], links: [ModelLink] = []) {
        self.init(M.modelName, name: name, fields: fields)
        self.links = links.map { $0.completed(in: self) }
        for option in M.options { option.apply(&self) }
    }

    /// The primary key.
    public var primaryKey: ModelField {
        fields.first(where: \.isPrimaryKey) ?? ModelField("id", name: "id", column: "id", kind: .bigAuto)
    }

    /// The fields of a new row: all but a primary key that the database assigns.
    public var draftFields: [ModelField] { fields.filter { !($0.isPrimaryKey && $0.kind.isAutomatic) } }

    /// The names of all columns.
    public var columnNames: [String] { fields.map(\.column) }

    /// Returns the field with this name in Django or in Swift, or nil.
    public func field(named name: String) -> ModelField? {
        fields.first { $0.name == name || $0.property == name }
    }

    /// The name in PostgreSQL, if it does not follow from the name of the model.
    package var shortName: String?
    /// The mistakes in the options.
    var optionMistakes: [String] = []

    /// The names that occur more than once.
    private func repeated(_ names: [String]) -> [String] {
        var found: Set<String> = []
        return names.filter { !found.insert($0).inserted }
    }

    /// The mistakes in the declaration. A site does not start if there are any.
    package var mistakes: [String] {
        let keys = fields.count(where: \.isPrimaryKey)
        return optionMistakes.map { "\(model): \($0)" } + fields.flatMap(\.mistakes).map { "\(model): \($0)" }
            + repeated(fields.map(\.name) + links.map(\.name)).map {
                "\(model): Two fields have the name \($0) in Django. Rename one of them."
            }
            + repeated(fields.map(\.column)).map {
                "\(model): Two fields have the column \($0). Give one of them another with @Column."
            }
            + fields.filter { !$0.isPrimaryKey && [.smallAuto, .auto, .bigAuto].contains($0.kind) }.map {
                "\(model): `\($0.property)` is the ID of another model. Write @ForeignKey(onDelete: …) or @OneToOne "
                    + "before it, or store the number as an Int."
            }
            + (keys > 1 ? ["\(model): A model has one primary key. Remove @PrimaryKey from all fields but one."] : [])
            + fields.filter { $0.reference?.onDelete == .setDefault && $0.databaseDefault == nil }.map {
                "\(model): The foreign key `\($0.property)` with .setDefault has no default. Write @DatabaseDefault "
                    + "with the ID of a row before it, or use another rule."
            }
            + links.map { $0.placed(in: model) }.filter { $0.sourceColumn.isEmpty || $0.targetColumn.isEmpty }.map {
                "\(model): The model \($0.through?.model.name ?? "") between both sides of `\($0.property)` needs a "
                    + "foreign key to \(model.name) and another one to \($0.target.model.name)."
            }
    }
}

/// An order by a column.
public struct ColumnOrder: Sendable, Hashable {
    /// The name of the column.
    public var column: String
    /// Whether the greatest value comes first.
    public var isDescending: Bool

    /// Creates an order.
    public init(_ column: String, isDescending: Bool = false) {
        self.column = column
        self.isDescending = isDescending
    }
}

/// An index; Django's `Index`.
public struct ModelIndex: Sendable, Hashable {
    /// The name in the database.
    public var name: String
    /// The columns in order.
    public var columns: [ColumnOrder]
    /// The condition of the rows that are in the index as SQL, or nil for all rows.
    public var condition: String?

    /// Creates an index.
    public init(name: String, columns: [ColumnOrder], condition: String? = nil) {
        self.name = name
        self.columns = columns
        self.condition = condition
    }
}

/// A constraint; Django's `UniqueConstraint` and `CheckConstraint`.
public struct ModelConstraint: Sendable, Hashable {
    /// The kinds of constraints.
    public enum Kind: Sendable, Hashable {
        /// The combination of values in these columns is unique. With a condition, only rows that satisfy it count.
        case unique([String], condition: String?)
        /// Each row satisfies the condition.
        case check(String)
    }

    /// The name in the database.
    public var name: String
    /// The kind, with columns and conditions as SQL.
    public var kind: Kind

    /// Creates a constraint.
    public init(name: String, _ kind: Kind) {
        self.name = name
        self.kind = kind
    }
}
