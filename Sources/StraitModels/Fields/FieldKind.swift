/// The kinds of fields, under Django's names. With the engine, the kind determines the type of the column.
public enum FieldKind: Sendable, Hashable {
    /// `SmallAutoField`, `AutoField` and `BigAutoField`: a number that the database assigns.
    case smallAuto, auto, bigAuto
    /// `SmallIntegerField`, `IntegerField` and `BigIntegerField`: 16, 32 and 64 bits.
    case smallInteger, integer, bigInteger
    /// `PositiveSmallIntegerField`, `PositiveIntegerField` and `PositiveBigIntegerField`, whose columns have a check.
    case positiveSmallInteger, positiveInteger, positiveBigInteger
    /// `FloatField`.
    case float
    /// `DecimalField`.
    case decimal(maxDigits: Int, decimalPlaces: Int)
    /// `BooleanField`.
    case boolean
    /// `CharField`.
    case char(maxLength: Int)
    /// `SlugField`: letters, digits, hyphens and underscores.
    case slug(maxLength: Int)
    /// `EmailField`.
    case email(maxLength: Int)
    /// `URLField`.
    case url(maxLength: Int)
    /// `FileField`: the name of a file in the storage.
    case file(maxLength: Int)
    /// `ImageField`: the name of an image file in the storage.
    case image(maxLength: Int)
    /// `TextField`.
    case text
    /// `BinaryField`.
    case binary
    /// `UUIDField`.
    case uuid
    /// `DateTimeField`.
    case dateTime
    /// `DateField`.
    case date
    /// `TimeField`.
    case time
    /// `DurationField`.
    case duration
    /// `JSONField`.
    case json
    /// `ForeignKey`. The type of the column is that of the other model's primary key.
    case foreignKey
    /// `OneToOneField`, a foreign key that is unique.
    case oneToOne

    /// The class in `django.db.models`: `CharField`.
    public var djangoName: String {
        switch self {
        case .smallAuto: "SmallAutoField"
        case .auto: "AutoField"
        case .bigAuto: "BigAutoField"
        case .smallInteger: "SmallIntegerField"
        case .integer: "IntegerField"
        case .bigInteger: "BigIntegerField"
        case .positiveSmallInteger: "PositiveSmallIntegerField"
        case .positiveInteger: "PositiveIntegerField"
        case .positiveBigInteger: "PositiveBigIntegerField"
        case .float: "FloatField"
        case .decimal: "DecimalField"
        case .boolean: "BooleanField"
        case .char: "CharField"
        case .slug: "SlugField"
        case .email: "EmailField"
        case .url: "URLField"
        case .file: "FileField"
        case .image: "ImageField"
        case .text: "TextField"
        case .binary: "BinaryField"
        case .uuid: "UUIDField"
        case .dateTime: "DateTimeField"
        case .date: "DateField"
        case .time: "TimeField"
        case .duration: "DurationField"
        case .json: "JSONField"
        case .foreignKey: "ForeignKey"
        case .oneToOne: "OneToOneField"
        }
    }

    /// The maximum number of characters, or nil if there is none.
    public var maxLength: Int? {
        switch self {
        case .char(let length), .slug(let length), .email(let length), .url(let length), .file(let length),
            .image(let length):
            length
        default: nil
        }
    }

    /// Whether the value is text.
    public var isText: Bool { self == .text || maxLength != nil }

    /// Whether the database assigns the value.
    public var isAutomatic: Bool { self == .auto || self == .bigAuto || self == .smallAuto }

    /// Whether the field refers to a row of another model.
    public var isReference: Bool { self == .foreignKey || self == .oneToOne }

    /// Returns the kind with another maximum length. Text without a limit becomes a `CharField`.
    func limited(to length: Int) -> FieldKind? {
        switch self {
        case .text, .char: .char(maxLength: length)
        case .slug: .slug(maxLength: length)
        case .email: .email(maxLength: length)
        case .url: .url(maxLength: length)
        case .file: .file(maxLength: length)
        case .image: .image(maxLength: length)
        default: nil
        }
    }

    /// The kind without negative numbers, or nil if there is none.
    var positive: FieldKind? {
        switch self {
        case .smallInteger, .positiveSmallInteger: .positiveSmallInteger
        case .integer, .positiveInteger: .positiveInteger
        case .bigInteger, .positiveBigInteger: .positiveBigInteger
        default: nil
        }
    }
}
