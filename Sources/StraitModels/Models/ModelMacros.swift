/// Makes a struct a ``Model``.
///
/// - Parameters:
///   - table: The name of the table; Django's `db_table`. By default, it follows from the app and the type.
///   - app: The label of the app; Django's `app_label`. By default, it is the module's name in snake case.
///   - id: The kind of the automatic primary key: `.bigAuto` by default, or `.auto` for tables of Django's own apps.
@attached(
    member, names: named(ID), named(id), named(init), named(table), named(statements), named(modelName), named(Columns),
    named(Draft), named(fieldValues))
@attached(extension, conformances: Model)
public macro Model(table: String? = nil, app: String? = nil, id: FieldKind? = nil) =
    #externalMacro(module: "StraitModelMacros", type: "ModelMacro")

/// Gives a field's column another name; Django's `db_column`.
@attached(peer) public macro Column(_ name: String) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes a field refer to a row of another model; Django's `ForeignKey`. Its type is that model's `ID`.
///
/// - Parameters:
///   - onDelete: The action on the row if the row that it refers to is deleted.
///   - relatedName: The name of the reverse relation in Django; its `related_name`.
///   - isIndexed: Whether the column has an index; Django's `db_index`.
@attached(peer) public macro ForeignKey(onDelete: DeleteRule, relatedName: String? = nil, isIndexed: Bool = true) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes a field refer to a row of another model that no other row refers to; Django's `OneToOneField`.
///
/// - Parameters:
///   - onDelete: The action on the row if the row that it refers to is deleted.
///   - relatedName: The name of the reverse relation in Django; its `related_name`.
@attached(peer) public macro OneToOne(onDelete: DeleteRule, relatedName: String? = nil) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Links rows to any number of rows of another model; Django's `ManyToManyField`. The property's type is
/// ``Links``: `@ManyToMany var tags: Links<Tag>`.
@attached(accessor) public macro ManyToMany() =
    #externalMacro(module: "StraitModelMacros", type: "ManyToManyMacro")

/// Links rows to any number of rows of another model through a model of the application, which has a foreign key to
/// both; Django's `ManyToManyField(through=…)`.
@attached(accessor) public macro ManyToMany<Through: Model>(through: Through.Type) =
    #externalMacro(module: "StraitModelMacros", type: "ManyToManyMacro")

/// Makes a field the primary key, in place of an automatic ID; Django's `primary_key=True`.
@attached(peer) public macro PrimaryKey() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Limits a text to a number of characters; Django's `CharField(max_length=…)`. A `String` without it is a `TextField`.
@attached(peer) public macro MaxLength(_ count: Int) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Sets the number of digits of a `Decimal`; Django's `DecimalField(max_digits=…, decimal_places=…)`.
@attached(peer) public macro Digits(_ count: Int, places: Int) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Excludes negative numbers; Django's `PositiveIntegerField`.
@attached(peer) public macro Positive() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes text a part of a URL, with an index; Django's `SlugField`. Its limit is 50 characters unless `@MaxLength`
/// sets another.
@attached(peer) public macro Slug() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes text an email address; Django's `EmailField`. Its limit is 254 characters unless `@MaxLength` sets another.
@attached(peer) public macro Email() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes text a URL; Django's `URLField`. Its limit is 200 characters unless `@MaxLength` sets another.
@attached(peer) public macro URLString() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Sets the folder of uploaded files in the storage; Django's `upload_to`.
@attached(peer) public macro Upload(to folder: String) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Stores any `Codable` value as JSON; Django's `JSONField`.
@attached(peer) public macro JSON() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Sets a field to the current time when its row is created; Django's `auto_now_add`.
@attached(peer) public macro AutoNowAdd() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Sets a field to the current time at each save; Django's `auto_now`.
@attached(peer) public macro AutoNow() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes the database set the field in a new row if a draft leaves it out; Django's `db_default`.
@attached(peer) public macro DatabaseDefault(_ value: StraitModels.DatabaseDefault) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Allows each value of a field in one row only; Django's `unique=True`.
@attached(peer) public macro Unique() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Adds an index for a field; Django's `db_index=True`.
@attached(peer) public macro Indexed() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Lets forms accept no value for a field that is not optional; Django's `blank=True`.
@attached(peer) public macro Blank() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Leaves a field out of forms; Django's `editable=False`.
@attached(peer) public macro NotEditable() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Sets a field's name and explanation for people; Django's `verbose_name` and `help_text`.
@attached(peer) public macro Label(_ name: String, help: String = "") =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")
