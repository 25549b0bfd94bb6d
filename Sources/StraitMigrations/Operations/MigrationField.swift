public import StraitModels

/// A field in a migration, under its name in Django: the property's name in snake case.
///
/// ```swift
/// .char("slug", maxLength: 100).unique()
/// .foreignKey("owner", to: "accounts.User", onDelete: .cascade)
/// .dateTime("seen_at").optional()
/// ```
///
/// Only the options that change the database are part of a migration: not the labels, help texts and choices.
public struct MigrationField: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
        case column(ModelField)
        /// The name of the other model, and of the model between both.
        case link(name: String, to: String, through: String?)
    }

    var kind: Kind
    /// The name of the other model of a foreign key, which needs the app's label if it has none.
    var target: String?
    var onDelete = DeleteRule.cascade

    private init(_ name: String, _ kind: FieldKind) {
        self.kind = .column(ModelField(name, name: name, column: name, kind: kind))
    }

    private init(_ name: String, _ kind: FieldKind, _ change: (inout ModelField) -> Void) {
        var field = ModelField(name, name: name, column: name, kind: kind)
        change(&field)
        self.kind = .column(field)
    }

    /// Creates a field of a kind. The writer of migrations and the inspector of databases do this.
    package init(_ field: ModelField) {
        kind = .column(field.migrated)
        target = field.reference?.model.description
        onDelete = field.reference?.onDelete ?? .cascade
    }

    /// Creates a many-to-many field.
    package init(_ link: ModelLink) {
        kind = .link(
            name: link.name, to: link.target.model.description, through: link.through?.model.description)
    }

    /// The name of the field.
    public var name: String {
        switch kind {
        case .column(let field): field.name
        case .link(let name, _, _): name
        }
    }

    // MARK: Numbers that the database assigns

    /// `SmallAutoField`, as the primary key.
    public static func smallAuto(_ name: String) -> MigrationField { key(name, .smallAuto) }
    /// `AutoField`, as the primary key.
    public static func auto(_ name: String) -> MigrationField { key(name, .auto) }
    /// `BigAutoField`, as the primary key.
    public static func bigAuto(_ name: String) -> MigrationField { key(name, .bigAuto) }

    private static func key(_ name: String, _ kind: FieldKind) -> MigrationField {
        MigrationField(name, kind) { $0.isPrimaryKey = true }
    }

    // MARK: Values

    /// `SmallIntegerField`: 16 bits.
    public static func smallInteger(_ name: String) -> MigrationField { MigrationField(name, .smallInteger) }
    /// `IntegerField`: 32 bits.
    public static func integer(_ name: String) -> MigrationField { MigrationField(name, .integer) }
    /// `BigIntegerField`: 64 bits.
    public static func bigInteger(_ name: String) -> MigrationField { MigrationField(name, .bigInteger) }
    /// `PositiveSmallIntegerField`.
    public static func positiveSmallInteger(_ name: String) -> MigrationField {
        MigrationField(name, .positiveSmallInteger)
    }
    /// `PositiveIntegerField`.
    public static func positiveInteger(_ name: String) -> MigrationField { MigrationField(name, .positiveInteger) }
    /// `PositiveBigIntegerField`.
    public static func positiveBigInteger(_ name: String) -> MigrationField {
        MigrationField(name, .positiveBigInteger)
    }
    /// `FloatField`.
    public static func float(_ name: String) -> MigrationField { MigrationField(name, .float) }
    /// `DecimalField`.
    public static func decimal(_ name: String, maxDigits: Int, decimalPlaces: Int) -> MigrationField {
        MigrationField(name, .decimal(maxDigits: maxDigits, decimalPlaces: decimalPlaces))
    }
    /// `BooleanField`.
    public static func boolean(_ name: String) -> MigrationField { MigrationField(name, .boolean) }
    /// `CharField`.
    public static func char(_ name: String, maxLength: Int) -> MigrationField {
        MigrationField(name, .char(maxLength: maxLength))
    }
    /// `SlugField`. It has no index unless ``indexed()`` follows.
    public static func slug(_ name: String, maxLength: Int = 50) -> MigrationField {
        MigrationField(name, .slug(maxLength: maxLength))
    }
    /// `EmailField`.
    public static func email(_ name: String, maxLength: Int = 254) -> MigrationField {
        MigrationField(name, .email(maxLength: maxLength))
    }
    /// `URLField`.
    public static func url(_ name: String, maxLength: Int = 200) -> MigrationField {
        MigrationField(name, .url(maxLength: maxLength))
    }
    /// `FileField`.
    public static func file(_ name: String, maxLength: Int = 100) -> MigrationField {
        MigrationField(name, .file(maxLength: maxLength))
    }
    /// `ImageField`.
    public static func image(_ name: String, maxLength: Int = 100) -> MigrationField {
        MigrationField(name, .image(maxLength: maxLength))
    }
    /// `TextField`.
    public static func text(_ name: String) -> MigrationField { MigrationField(name, .text) }
    /// `BinaryField`.
    public static func binary(_ name: String) -> MigrationField { MigrationField(name, .binary) }
    /// `UUIDField`.
    public static func uuid(_ name: String) -> MigrationField { MigrationField(name, .uuid) }
    /// `DateTimeField`.
    public static func dateTime(_ name: String) -> MigrationField { MigrationField(name, .dateTime) }
    /// `DateField`.
    public static func date(_ name: String) -> MigrationField { MigrationField(name, .date) }
    /// `TimeField`.
    public static func time(_ name: String) -> MigrationField { MigrationField(name, .time) }
    /// `DurationField`.
    public static func duration(_ name: String) -> MigrationField { MigrationField(name, .duration) }
    /// `JSONField`.
    public static func json(_ name: String) -> MigrationField { MigrationField(name, .json) }

    // MARK: References

    /// `ForeignKey`, whose column ends with `_id`.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - model: The other model: `accounts.User`, or `User` in the same app.
    ///   - onDelete: The action on the row if the row that it refers to is deleted.
    ///   - isIndexed: Whether the column has an index.
    public static func foreignKey(
        _ name: String, to model: String, onDelete: DeleteRule, isIndexed: Bool = true
    ) -> MigrationField {
        reference(name, .foreignKey, model, onDelete, isIndexed)
    }

    /// `OneToOneField`, whose column ends with `_id`.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - model: The other model: `accounts.User`, or `User` in the same app.
    ///   - onDelete: The action on the row if the row that it refers to is deleted.
    public static func oneToOne(_ name: String, to model: String, onDelete: DeleteRule) -> MigrationField {
        reference(name, .oneToOne, model, onDelete, false)
    }

    private static func reference(
        _ name: String, _ kind: FieldKind, _ model: String, _ onDelete: DeleteRule, _ isIndexed: Bool
    ) -> MigrationField {
        var field = MigrationField(name, kind) {
            $0.column = name + "_id"
            $0.isIndexed = isIndexed
        }
        field.target = model
        field.onDelete = onDelete
        return field
    }

    /// `ManyToManyField`, which has a join table.
    ///
    /// - Parameters:
    ///   - name: The name of the field.
    ///   - model: The other model: `gallery.Tag`, or `Tag` in the same app.
    ///   - through: The model of the join table, if the application declares one.
    public static func manyToMany(_ name: String, to model: String, through: String? = nil) -> MigrationField {
        var field = MigrationField(name, .bigAuto)
        field.kind = .link(name: name, to: model, through: through)
        return field
    }

    // MARK: Options

    private func changed(_ change: (inout ModelField) -> Void) -> MigrationField {
        guard case .column(var field) = kind else { return self }
        change(&field)
        var copy = self
        copy.kind = .column(field)
        return copy
    }

    /// Lets the column be empty; Django's `null=True`.
    public func optional() -> MigrationField { changed { $0.isOptional = true } }
    /// Allows each value in one row only.
    public func unique() -> MigrationField { changed { $0.isUnique = true } }
    /// Adds an index.
    public func indexed() -> MigrationField { changed { $0.isIndexed = true } }
    /// Makes the field the primary key.
    public func primaryKey() -> MigrationField { changed { $0.isPrimaryKey = true } }
    /// Gives the column another name than the field; Django's `db_column`.
    public func column(_ name: String) -> MigrationField { changed { $0.column = name } }
    /// Lets the database give new rows a value; Django's `db_default`.
    public func databaseDefault(_ value: DatabaseDefault) -> MigrationField { changed { $0.databaseDefault = value } }

    // MARK: Use

    /// Returns the name of a model that is written with or without its app.
    static func model(_ name: String, in app: String) -> ModelName {
        ModelName(name) ?? ModelName(app: app, name: name)
    }

    /// Returns the column in a migration of an app, or nil for a many-to-many field.
    func field(in app: String) -> ModelField? {
        guard case .column(var field) = kind else { return nil }
        if let target { field.reference = ModelReference(Self.model(target, in: app), onDelete: onDelete) }
        return field
    }

    /// Returns the many-to-many field of a table, or nil for a column.
    func link(in table: ModelTable) -> ModelLink? {
        guard case .link(let name, let to, let through) = kind else { return nil }
        let app = table.model.app
        return ModelLink(
            name, name: name, to: Self.model(to, in: app), through: through.map { Self.model($0, in: app) }
        ).completed(in: table)
    }
}
