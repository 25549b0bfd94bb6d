internal import StraitCore
public import StraitText

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

// There is no `ExpressibleByNilLiteral`: a nil `TemplateValue?` member must be undefined, not `None`.
extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    /// A string from a literal.
    public init(stringLiteral value: String) { self = .string(value) }
    /// An integer from a literal.
    public init(integerLiteral value: Int) { self = .int(value) }
    /// A floating-point number from a literal.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A Boolean from a literal.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A list from a literal.
    public init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    /// A dictionary from a literal, in the literal's order.
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .dictionary(TemplateDictionary(elements.map { (key: $0.0, value: $0.1) }))
    }

    /// A string from an expression.
    public init(_ text: String) { self = .string(text) }
    /// Safe HTML.
    public init(_ html: SafeString) { self = .safe(html) }
    /// An integer.
    public init(_ number: Int) { self = .int(number) }
    /// A floating-point number.
    public init(_ number: Double) { self = .double(number) }
    /// A decimal number.
    public init(_ number: TemplateDecimal) { self = .decimal(number) }
    /// A Boolean.
    public init(_ truth: Bool) { self = .bool(truth) }
    /// A list.
    public init(_ elements: [TemplateValue]) { self = .list(elements) }
    /// A value of a custom type.
    public init(_ object: some TemplateObject) { self = .object(object) }
}

extension TemplateValue {
    /// Returns the value of `{{ self.name }}`, or nil if there is none. A dictionary's entry has precedence over a
    /// member, and a member over the element at `index`.
    func member(_ name: String, index: Int?) -> TemplateValue? {
        if case .dictionary(let dictionary) = self, let value = dictionary[name] { return value }
        // No member's name is that long, and comparing long untrusted text could take quadratic time.
        guard name.utf8.count <= 256 else { return nil }
        switch self {
        case .dictionary(let dictionary): return DictionaryView(dictionary, named: name).map { .object($0) }
        case .object(let object):
            if let value = object[member: name] { return value }
            // A dictionary view cannot be indexed.
            guard let index, !(object is DictionaryView) else { return nil }
            return object.templateElements.flatMap { $0.at(index) }
        case .list(let elements), .tuple(let elements): return index.flatMap { elements.at($0) }
        case .string, .safe:
            guard let text = string else { return nil }
            if let index { return text.unicodeScalars.dropFirst(index).first.map { .string(String($0)) } }
            return Self.member(name, ofText: text)
        case .date(let date): return date.member(name)
        default: return nil
        }
    }

    /// Returns the result of a Python `str` method that needs no arguments.
    private static func member(_ name: String, ofText text: String) -> TemplateValue? {
        let scalars = text.unicodeScalars
        func all(_ holds: (Unicode.Scalar) -> Bool) -> TemplateValue {
            .bool(!text.isEmpty && scalars.allSatisfy(holds))
        }
        switch name {
        case "upper": return .string(text.uppercased())
        case "lower", "casefold": return .string(PythonText.lowercased(text))
        case "title": return .string(PythonText.title(text))
        case "capitalize":
            return .string(
                (scalars.first?.properties.titlecaseMapping ?? "") + String(scalars.dropFirst()).lowercased())
        case "swapcase":
            return .string(
                scalars.map {
                    $0.properties.isUppercase ? $0.properties.lowercaseMapping : $0.properties.uppercaseMapping
                }
                .joined())
        case "strip": return .string(PythonText.stripped(text))
        case "lstrip": return .string(String(scalars.drop(while: PythonText.isSpace)))
        case "rstrip":
            return .string(
                scalars.lastIndex { !PythonText.isSpace($0) }.map { String(scalars[...$0]) } ?? "")
        case "split": return .list(PythonText.words(text).map { .string($0) })
        case "splitlines": return .list(PythonText.lines(text).map { .string($0) })
        case "isdigit", "isdecimal", "isnumeric": return all { $0.properties.generalCategory == .decimalNumber }
        case "isalpha": return all { $0.properties.isAlphabetic }
        case "isalnum": return all { $0 != "_" && PythonText.isWord($0) }
        case "isspace": return all(PythonText.isSpace)
        case "isupper":
            return .bool(text.hasSameBytes(as: text.uppercased()) && scalars.contains { $0.properties.isCased })
        case "islower":
            return .bool(text.hasSameBytes(as: text.lowercased()) && scalars.contains { $0.properties.isCased })
        default: return nil
        }
    }
}

extension Array {
    /// Returns the element at `index`, or nil if it is out of bounds.
    func at(_ index: Int) -> Element? { indices.contains(index) ? self[index] : nil }
}
