public import StraitDatabase

/// A field of a model, as plain data: the metadata that forms and migrations use.
public struct ModelField: Sendable, Hashable {
    /// The name of the property.
    public var property: String
    /// The name of the field in Django: the property's name in snake case.
    public var name: String
    /// The name of the column.
    public var column: String
    /// The kind of field.
    public var kind: FieldKind
    /// Whether the column may be empty (`NULL`); Django's `null`.
    public var isOptional = false
    /// Whether a form accepts no value; Django's `blank`. An optional field may be blank.
    public var isBlank = false
    /// Whether the field is the primary key.
    public var isPrimaryKey = false
    /// Whether each value may occur in one row only; Django's `unique`. A primary key and a one-to-one field are unique
    /// without it.
    public var isUnique = false
    /// Whether the column has an index of its own; Django's `db_index`.
    public var isIndexed = false
    /// Whether forms show the field; Django's `editable`.
    public var isEditable = true
    /// The values that the field may have, or an empty list for all; Django's `choices`.
    public var choices: [FieldChoice] = []
    /// The value of the field in a new row if a draft or a form leaves it out; Django's `default`.
    public var defaultValue: FieldDefault?
    /// The value that the database gives a new row; Django's `db_default`.
    public var databaseDefault: DatabaseDefault?
    /// Whether the field gets the current time when a row is created, or at each save.
    public var autoNow: AutoNow?
    /// The other model of a foreign key.
    public var reference: ModelReference?
    /// Whether text of a form can be read as a value of the property.
    package var accepts = TextCheck { _ in true }
    /// The folder of uploaded files in the storage; Django's `upload_to`.
    public var uploadFolder: String?
    /// The name for people; Django's `verbose_name`. By default, it is the name with spaces.
    public var verboseName: String
    /// An explanation for people, which forms show; Django's `help_text`.
    public var helpText = ""

    /// The mistakes in the declaration. A site does not start if there are any.
    package var mistakes: [String] = []

    /// Creates a field of the type `Value`. The macro `@Model` does this.
    public init<Value: ModelValue>(
        _ property: String, name: String, column: String, _ type: Value.Type, _ options: [FieldOption] = []
    ) {
        self.init(property, name: name, column: column, kind: Value.fieldKind)
        accepts = TextCheck(Value.accepts)
        isOptional = Value.isOptional
        isBlank = Value.isOptional
        choices = Value.choices
        for option in options { option.apply(&self) }
    }

    /// Creates a field of a kind. Migrations do this.
    public init(_ property: String, name: String, column: String, kind: FieldKind) {
        self.property = property
        self.name = name
        self.column = column
        self.kind = kind
        verboseName = String(name.map { $0 == "_" ? " " : $0 })
    }

    /// The default value as SQLite stores it, for forms; nil without one.
    package var initialValue: DatabaseValue? {
        if let value = try? defaultValue?.value().databaseValue(for: .sqlite) { return value }
        switch databaseDefault?.content {
        case .value(let value): return value
        case .boolean(let value): return .integer(value ? 1 : 0)
        case .now, nil: return nil
        }
    }

    /// Whether each value may occur in one row only, for any reason.
    public var hasUniqueValues: Bool { isUnique || isPrimaryKey || kind == .oneToOne }
}

/// A value that a field may have, and its label for people.
public struct FieldChoice: Sendable, Hashable {
    /// The stored value.
    public var value: DatabaseValue
    /// The text for people.
    public var label: String

    /// Creates a choice.
    public init(_ value: DatabaseValue, label: String) {
        self.value = value
        self.label = label
    }
}

/// A check of text that a form has accepted. All checks are equal, because a migration depends on none.
package struct TextCheck: Sendable, Hashable {
    private let check: @Sendable (String) -> Bool

    package init(_ check: @escaping @Sendable (String) -> Bool) { self.check = check }

    package func callAsFunction(_ text: String) -> Bool { check(text) }

    package static func == (left: TextCheck, right: TextCheck) -> Bool { true }

    package func hash(into hasher: inout Hasher) {}
}

/// The value of a field in a new row; Django's `default`. All defaults are equal, because a migration depends on none.
public struct FieldDefault: Sendable, Hashable {
    /// Returns the value.
    public let value: @Sendable () -> any DatabaseConvertible

    /// Creates a default.
    public init(_ value: @escaping @Sendable () -> any DatabaseConvertible) { self.value = value }

    /// True.
    public static func == (left: FieldDefault, right: FieldDefault) -> Bool { true }

    /// Adds nothing.
    public func hash(into hasher: inout Hasher) {}
}

/// The occasions on which a field gets the current time.
public enum AutoNow: Sendable, Hashable {
    /// When the row is created; Django's `auto_now_add`.
    case create
    /// At each save; Django's `auto_now`.
    case save
}

/// The value that the database itself gives a column of a new row; Django's `db_default`.
public struct DatabaseDefault: Sendable, Hashable, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringLiteral, ExpressibleByBooleanLiteral
{
    /// The kinds of default values.
    public enum Content: Sendable, Hashable {
        /// A constant.
        case value(DatabaseValue)
        /// A Boolean, whose stored form depends on the engine.
        case boolean(Bool)
        /// The time of the statement; Django's `Now()`.
        case now
    }

    /// The value or expression.
    public let content: Content

    private init(_ content: Content) { self.content = content }

    /// Creates a constant number.
    public init(integerLiteral value: Int64) { self.init(.value(.integer(value))) }
    /// Creates a constant number.
    public init(floatLiteral value: Double) { self.init(.value(.double(value))) }
    /// Creates a constant text.
    public init(stringLiteral value: String) { self.init(.value(.text(value))) }
    /// Creates a constant Boolean.
    public init(booleanLiteral value: Bool) { self.init(.boolean(value)) }

    /// The time of the statement; Django's `Now()`.
    public static let now = DatabaseDefault(.now)
}
