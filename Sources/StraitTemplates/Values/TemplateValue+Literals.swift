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
