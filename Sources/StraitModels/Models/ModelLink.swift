/// A many-to-many field as plain data; Django's `ManyToManyField`.
public struct ModelLink: Sendable, Hashable {
    /// The name of the property.
    public var property: String
    /// The name of the field in Django.
    public var name: String
    /// The other model.
    public var target: ModelReference
    /// The model of the join table, if the application declares one; Django's `through`.
    public var through: ModelReference?
    /// The name of the join table.
    public var table = ""
    /// The table's name in PostgreSQL, if it is another.
    var shortTable: String?
    /// The join table's column that refers to the model with the field.
    public var sourceColumn = ""
    /// The join table's column that refers to the other model.
    public var targetColumn = ""
    /// The number of declared columns before the field, which is its place in a form.
    package var place = Int.max
    /// Whether a form accepts no rows; Django's `blank`.
    public var isBlank = false
    /// Whether forms show the field; Django's `editable`.
    public var isEditable = true
    /// The name for people; Django's `verbose_name`. By default, it is the name with spaces.
    public var verboseName: String
    /// An explanation for people, which forms show; Django's `help_text`.
    public var helpText = ""

    /// Creates a many-to-many field. The macro `@Model` does this.
    public init<Target: Model>(
        _ property: String, name: String, to target: Target.Type, _ options: [FieldOption] = [],
        after place: Int = .max
    ) {
        self.place = place
        self.property = property
        self.name = name
        self.target = ModelReference(target, onDelete: .cascade)
        var field = ModelField(property, name: name, column: "", kind: .foreignKey)
        for option in options { option.apply(&field) }
        isBlank = field.isBlank
        isEditable = field.isEditable
        verboseName = field.verboseName
        helpText = field.helpText
    }

    /// Creates a many-to-many field with a model for the join table. The macro `@Model` does this.
    public init<Target: Model, Through: Model>(
        _ property: String, name: String, to target: Target.Type, through: Through.Type, _ options: [FieldOption] = [],
        after place: Int = .max
    ) {
        self.init(property, name: name, to: target, options, after: place)
        self.through = ModelReference(through, onDelete: .cascade)
    }

    /// Creates a many-to-many field by names. Migrations do this.
    public init(_ property: String, name: String, to target: ModelName, through: ModelName? = nil) {
        self.property = property
        self.name = name
        self.target = ModelReference(target, onDelete: .cascade)
        self.through = through.map { ModelReference($0, onDelete: .cascade) }
        verboseName = String(name.map { $0 == "_" ? " " : $0 })
    }

    /// Returns the field with the names of its table and columns, as Django chooses them.
    package func completed(in source: ModelTable) -> ModelLink {
        var link = self
        let from = source.model.name.lowercased()
        let to = target.model.name.lowercased()
        if through == nil {
            link.table = source.name + "_" + name
            let short = TableName.shortened(source.name(for: .postgreSQL) + "_" + name)
            link.shortTable = short == link.table ? nil : short
            // Models of two apps may have the same name.
            link.sourceColumn = from == to ? "from_\(from)_id" : from + "_id"
            link.targetColumn = from == to ? "to_\(to)_id" : to + "_id"
        }
        return link
    }

    /// The join table that the framework declares, or nil if the application declares a model for it.
    package func automaticTable(in source: ModelTable) -> ModelTable? {
        guard through == nil else { return nil }
        func side(_ column: String, _ reference: ModelReference) -> ModelField {
            let name = String(column.dropLast("_id".count))
            var field = ModelField(name, name: name, column: column, kind: .foreignKey)
            field.reference = reference
            field.isIndexed = true
            return field
        }
        // Django's own apps have shorter keys, also in the tables between models.
        let isShort = source.fields.contains { $0.isPrimaryKey && $0.kind == .auto }
        var id = ModelField("id", name: "id", column: "id", kind: isShort ? .auto : .bigAuto)
        id.isPrimaryKey = true
        var table = ModelTable(
            ModelName(app: source.model.app, name: source.model.name + "_" + name), name: self.table,
            fields: [
                id, side(sourceColumn, ModelReference(source.model, onDelete: .cascade)), side(targetColumn, target),
            ])
        table.uniqueTogether = [[sourceColumn, targetColumn]]
        table.shortName = shortTable
        table.isAutomatic = true
        table.isManaged = source.isManaged
        return table
    }
}
