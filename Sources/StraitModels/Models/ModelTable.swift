import StraitDatabase
/// A model's table: its name and fields.
public struct ModelTable: Sendable {
    /// The name in the database.
    public let name: String
    /// The fields except the ID, in the order of their declaration.
    public let fields: [ModelField]

    /// Creates a table. The macro `@Model` does this. By default, the table has the names of the module and the type in
    /// lower case, with an underscore between them: `gallery_photo` for `Gallery.Photo`.
    public init<M: Model>(_ model: M.Type, name: String?, fields: [ModelField]) {
        self.name = name ?? Self.name(String(reflecting: model))
        self.fields = fields
    }

    /// The names of all columns, the ID first.
    public var columnNames: [String] { ["id"] + fields.map(\.column) }

    /// Returns Django's name for a table: the app's label and the model's name.
    private static func name(_ type: String) -> String {
        let parts = type.split(separator: ".")
        let app = parts.first.map { snakeCase($0) } ?? ""
        return app + "_" + (parts.last.map { $0.lowercased() } ?? "")
    }

    private static func snakeCase(_ name: Substring) -> String {
        var text = ""
        var wasLower = false
        for letter in name {
            if letter.isUppercase, wasLower { text += "_" }
            wasLower = !letter.isUppercase
            text += letter.lowercased()
        }
        return text
    }
}

/// A field of a model.
public struct ModelField: Sendable {
    /// The name of the property.
    public let name: String
    /// The name of the column.
    public let column: String
    /// The type of the column, as Django names it.
    public let kind: FieldKind
    /// Whether the column may be empty (`NULL`).
    public let isOptional: Bool
    /// Whether each value may occur in one row only.
    public let isUnique: Bool
    /// Whether the column has an index of its own.
    public let isIndexed: Bool
    /// The model that a foreign key refers to.
    public let reference: ModelReference?

    /// Creates a field. The macro `@Model` does this.
    public init<Value: ModelValue>(
        _ name: String, column: String, type: Value.Type, maxLength: Int? = nil, isUnique: Bool = false,
        isIndexed: Bool = false, reference: ModelReference? = nil
    ) {
        self.name = name
        self.column = column
        self.isUnique = isUnique
        self.isIndexed = isIndexed
        self.reference = reference
        isOptional = Value.isOptional
        kind = maxLength.map { .char(maxLength: $0) } ?? (reference == nil ? Value.fieldKind : .foreignKey)
    }
}

/// The kinds of fields, under Django's names.
public enum FieldKind: Sendable, Hashable {
    /// `SmallIntegerField`.
    case smallInteger
    /// `IntegerField`.
    case integer
    /// `BigIntegerField`.
    case bigInteger
    /// `FloatField`.
    case float
    /// `BooleanField`.
    case boolean
    /// `CharField` with `max_length`.
    case char(maxLength: Int)
    /// `TextField`.
    case text
    /// `BinaryField`.
    case binary
    /// `UUIDField`.
    case uuid
    /// `DateTimeField`.
    case dateTime
    /// `ForeignKey`.
    case foreignKey
}

/// The target of a foreign key.
public struct ModelReference: Sendable {
    /// The table that is referred to. It is read late, because two models may refer to each other.
    public let table: @Sendable () -> ModelTable
    /// The fate of the row if the other is deleted.
    public let onDelete: DeleteRule

    /// Creates a reference. The macro `@Model` does this.
    public init<M: Model>(_ model: M.Type, onDelete: DeleteRule) {
        table = { M.table }
        self.onDelete = onDelete
    }
}
