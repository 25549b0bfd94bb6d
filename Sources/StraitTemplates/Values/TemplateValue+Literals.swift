// Not by nil: in a member of type `TemplateValue?` that would be `None`, where it is to be undefined.
extension TemplateValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByBooleanLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(floatLiteral value: Double) { self = .double(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: TemplateValue...) { self = .list(elements) }
    public init(dictionaryLiteral elements: (String, TemplateValue)...) {
        self = .dictionary(TemplateDictionary(elements.map { (key: $0.0, value: $0.1) }))
    }

    /// The text of a variable or an expression.
    public init(_ text: String) { self = .string(text) }
    /// HTML.
    public init(_ html: SafeString) { self = .safe(html) }
    /// A whole number.
    public init(_ number: Int) { self = .int(number) }
    /// A number.
    public init(_ number: Double) { self = .double(number) }
    /// A number with all of its digits.
    public init(_ number: TemplateDecimal) { self = .decimal(number) }
    /// A truth.
    public init(_ truth: Bool) { self = .bool(truth) }
    /// A list.
    public init(_ elements: [TemplateValue]) { self = .list(elements) }
    /// A value of an own type.
    public init(_ object: some TemplateObject) { self = .object(object) }
}
