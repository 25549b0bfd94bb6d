/// A value in a template: the Python types that Django templates use.
///
/// Swift literals are template values: `["room": "lobby", "count": 3, "names": ["Ann", "Ben"]]`.
/// `TemplateValue(encoding:)` converts `Encodable` values. Types with their own behavior conform to ``TemplateObject``.
public enum TemplateValue: Sendable {
    /// Python's `None`.
    case none
    /// A Boolean, `True` or `False`.
    case bool(Bool)
    /// A 64-bit integer.
    case int(Int)
    /// A floating-point number, printed as in Python.
    case double(Double)
    /// A decimal number (Python's `Decimal`), or an integer that does not fit in 64 bits.
    indirect case decimal(TemplateDecimal)
    /// A string, escaped if auto-escaping is on.
    case string(String)
    /// HTML that is never escaped.
    case safe(SafeString)
    /// A date, a time of day, or both.
    indirect case date(TemplateDate)
    /// A list of values.
    case list([TemplateValue])
    /// A Python tuple: a list that prints with parentheses, such as an entry of `dictionary.items`.
    case tuple([TemplateValue])
    /// A dictionary with string keys, in insertion order.
    indirect case dictionary(TemplateDictionary)
    /// A value of a custom type.
    indirect case object(any TemplateObject)

    /// Whether `{% if value %}` is true, by Python's rules.
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

    /// The text of a string or of safe HTML, or nil for other values.
    public var string: String? {
        switch self {
        case .string(let value): value
        case .safe(let value): value.text
        default: nil
        }
    }

    /// Whether the value is safe HTML.
    public var isSafe: Bool { if case .safe = self { true } else { false } }

    /// Whether the value is `None`.
    public var isNone: Bool { if case .none = self { true } else { false } }

    /// The elements for `{% for %}`: a list's elements, a dictionary's keys or a string's scalars. Nil for values that
    /// cannot be iterated.
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

    /// Python's `len`, in elements or Unicode scalars. Nil for values without a length.
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
