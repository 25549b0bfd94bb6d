public import StraitDatabase
/// A row of a table, as a value; Django's `Model`.
///
/// Declare a model with the macro, which adds an ID, the columns, and the code that reads a row:
///
/// ```swift
/// @Model struct Photo {
///     var caption: String
///     @MaxLength(100) @Unique var slug: String
///     @ForeignKey(onDelete: .cascade) var owner: User.ID
/// }
/// ```
///
/// The table's name is Django's: the app and the model in lower case, `gallery_photo`. A column has the property's name
/// in snake case. A foreign key's column ends with `_id`.
public protocol Model: Sendable {
    /// The columns, for queries.
    associatedtype Columns: ModelColumns where Columns.Owner == Self
    /// A row that is not stored yet, and so has no ID.
    associatedtype Draft: ModelDraft where Draft.Owner == Self
    /// The primary key.
    var id: ModelID<Self> { get }
    /// The values of all fields but the ID, in the order of their declaration.
    var fieldValues: [any DatabaseConvertible] { get }
    /// The table and its fields.
    static var table: ModelTable { get }
    /// Reads a row that has the ID and then all fields in the order of their declaration.
    ///
    /// - Throws: ``DatabaseError/Code/value`` if a column has another type than its property.
    init(row: borrowing DatabaseRow) throws(DatabaseError)
}

/// The fields of a row that is not stored yet. ``Database/create(_:)`` stores it and returns the model.
///
/// ```swift
/// let photo = try await database.create(Photo.Draft(caption: "Sea", slug: "sea", owner: user.id))
/// ```
public protocol ModelDraft: Sendable {
    /// The model.
    associatedtype Owner: Model
    /// The values of all fields, in the order of their declaration.
    var fieldValues: [any DatabaseConvertible] { get }
}

/// The columns of a model, which ``QuerySet/filter(_:)`` and other methods of a query pass to their closures.
public protocol ModelColumns: Sendable {
    /// The model.
    associatedtype Owner: Model
    /// Creates the columns of the rows at the end of `path`. The macro `@Model` does this.
    init(path: JoinPath)
}

/// Makes a struct a ``Model``.
///
/// - Parameter table: The name of the table; Django's `db_table`. By default, it follows from the module and the type.
@attached(
    member, names: named(ID), named(id), named(init), named(table), named(Columns), named(Draft), named(fieldValues))
@attached(extension, conformances: Model)
public macro Model(table: String? = nil) = #externalMacro(module: "StraitModelMacros", type: "ModelMacro")

/// Gives a field's column another name; Django's `db_column`.
@attached(peer) public macro Column(_ name: String) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Makes a field refer to a row of another model; Django's `ForeignKey`. Its type is that model's `ID`.
@attached(peer) public macro ForeignKey(onDelete: DeleteRule) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Limits a text to a number of characters; Django's `CharField(max_length=…)`. A `String` without it is a `TextField`.
@attached(peer) public macro MaxLength(_ count: Int) =
    #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Allows each value of a field in one row only; Django's `unique=True`.
@attached(peer) public macro Unique() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// Adds an index for a field; Django's `db_index=True`.
@attached(peer) public macro Indexed() = #externalMacro(module: "StraitModelMacros", type: "FieldOptionMacro")

/// The fate of a row whose foreign key refers to a row that is deleted; Django's `on_delete`.
public enum DeleteRule: Sendable, Hashable {
    /// Deletes the row too.
    case cascade
    /// Refuses the deletion.
    case protect
    /// Empties the foreign key, which must be optional.
    case setNull
    /// Does nothing. The database then refuses the deletion.
    case doNothing
}

/// The primary key of a model. IDs of different models are different types.
public struct ModelID<Owner>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The number in the database.
    public let number: Int64

    /// Creates an ID, such as from a route's argument.
    public init(_ number: Int64) { self.number = number }

    /// Whether `left` has the lower number.
    public static func < (left: ModelID, right: ModelID) -> Bool { left.number < right.number }

    /// The number.
    public var description: String { "\(number)" }
}
