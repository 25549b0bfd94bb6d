/// What a template can show and compute with: the types of Python that Django's templates meet.
///
/// Literals of Swift are values: `["room": "lobby", "count": 3, "names": ["Ann", "Ben"]]`. What is `Encodable` becomes
/// one with `TemplateValue(encoding:)`; types with behaviour conform to ``TemplateObject``.
public enum TemplateValue: Sendable {
    /// Python's `None`.
    case none
    /// `True` or `False`.
    case bool(Bool)
    /// A whole number of 64 bits.
    case int(Int)
    /// A number, which prints as Python prints it.
    case double(Double)
    /// A number with all of its decimal digits (Python's `Decimal`), or a whole number of more than 64 bits.
    indirect case decimal(TemplateDecimal)
    /// Text, which is escaped where auto-escaping is on.
    case string(String)
    /// HTML, which is never escaped.
    case safe(SafeString)
    /// A date, a time of day, or both.
    indirect case date(TemplateDate)
    /// Values in their order.
    case list([TemplateValue])
    /// A list of a fixed length that prints with parentheses, such as one entry of `dictionary.items`.
    case tuple([TemplateValue])
    /// Values by name, in their order.
    indirect case dictionary(TemplateDictionary)
    /// A value of an own type.
    indirect case object(any TemplateObject)

    /// Whether `{% if value %}` holds, as in Python.
    public var isTrue: Bool {
        switch self {
        case .none: false
        case .bool(let value): value
        case .int(let value): value != 0
        case .double(let value): value != 0
        case .decimal(let value): !value.isZero
        case .string(let value): !value.isEmpty
        case .safe(let value): !value.text.isEmpty
        case .date: true
        case .list(let elements), .tuple(let elements): !elements.isEmpty
        case .dictionary(let dictionary): dictionary.count > 0
        case .object(let object): object.templateTruth
        }
    }

    /// The text of a string, safe or not; nil for all else.
    public var string: String? {
        switch self {
        case .string(let value): value
        case .safe(let value): value.text
        default: nil
        }
    }

    /// Whether it is HTML.
    public var isSafe: Bool { if case .safe = self { true } else { false } }

    /// Whether it is `none`.
    public var isNone: Bool { if case .none = self { true } else { false } }

    /// What `for` goes through: elements, the keys of a dictionary, the scalars of a text; nil where it cannot.
    public var elements: [TemplateValue]? {
        switch self {
        case .list(let elements), .tuple(let elements): elements
        case .dictionary(let dictionary): dictionary.entries.map { .string($0.key) }
        case .string(let value): value.unicodeScalars.map { .string(String($0)) }
        case .safe(let value): value.text.unicodeScalars.map { .string(String($0)) }
        case .object(let object): object.templateElements
        default: nil
        }
    }

    /// Python's `len`, in elements or scalars; nil for what has none.
    public var count: Int? {
        switch self {
        case .list(let elements), .tuple(let elements): elements.count
        case .dictionary(let dictionary): dictionary.count
        case .string(let value): value.unicodeScalars.count
        case .safe(let value): value.text.unicodeScalars.count
        case .object(let object): object.templateCount
        default: nil
        }
    }
}
