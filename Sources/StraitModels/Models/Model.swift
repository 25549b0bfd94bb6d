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
    /// The type of the primary key: ``ModelID``, or the type of the property with `@PrimaryKey`.
    associatedtype ID: ModelValue & Hashable
    /// The columns, for queries.
    associatedtype Columns: ModelColumns where Columns.OwnerModel == Self
    /// A row that is not stored yet, and so has no ID.
    associatedtype Draft: ModelDraft where Draft.OwnerModel == Self
    /// The primary key.
    var id: ID { get }
    /// The values of all fields, in the order of the table's ``ModelTable/fields``.
    var fieldValues: [any DatabaseConvertible] { get }
    /// The name of the model, with its app's label.
    static var modelName: ModelName { get }
    /// The table and its fields.
    static var table: ModelTable { get }
    /// The parts of the model's statements that are always the same.
    static var statements: ModelStatements { get }
    /// The options of the model, such as its order and its indexes; Django's `class Meta`.
    static var options: [ModelOption<Self>] { get }
    /// Reads a row whose columns from `start` on are all fields in the order of the table's ``ModelTable/fields``.
    ///
    /// - Throws: ``/StraitDatabase/DatabaseError/Code/value`` if a column has another type than its property.
    init(row: borrowing DatabaseRow, at start: Int) throws(DatabaseError)
}

extension Model {
    /// No options.
    public static var options: [ModelOption<Self>] { [] }
    /// The parts of the model's statements, written again at each use. `@Model` stores them.
    public static var statements: ModelStatements { ModelStatements(table) }
}

/// The fields of a row that is not stored yet. ``/StraitDatabase/Database/create(_:)`` stores it and returns the model.
///
/// ```swift
/// let photo = try await database.create(Photo.Draft(caption: "Sea", slug: "sea", owner: user.id))
/// ```
public protocol ModelDraft: Sendable {
    /// The model.
    associatedtype OwnerModel: Model
    /// The values of the table's ``ModelTable/draftFields``, in their order. ``AutomaticValue`` stands for values that
    /// the framework or the database gives.
    var fieldValues: [any DatabaseConvertible] { get }
}

/// The columns of a model, which ``QuerySet/filter(_:)`` and other methods of a query pass to their closures.
public protocol ModelColumns: Sendable {
    /// The model.
    associatedtype OwnerModel: Model
    /// Creates the columns of the rows at the end of `path`. The macro `@Model` does this.
    init(path: JoinPath)
}

/// A placeholder for a field that a draft leaves out: the current time or the database's default replaces it.
public struct AutomaticValue: DatabaseConvertible {
    /// Creates a value. The macro `@Model` does this.
    public init() {}

    /// Throws: the value is replaced before the row is stored.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        throw DatabaseError(
            .value,
            "A field of a draft has no value. Set one, or declare the field with @AutoNow, @AutoNowAdd or "
                + "@DatabaseDefault.")
    }
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

extension ModelID: ModelValue {
    /// The number.
    public func databaseValue(for engine: DatabaseEngine) -> DatabaseValue { .integer(number) }

    /// `BigAutoField`, Django's primary key.
    public static var fieldKind: FieldKind { .bigAuto }

    /// Reads the number.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> ModelID {
        ModelID(try row.integer(index))
    }
}
