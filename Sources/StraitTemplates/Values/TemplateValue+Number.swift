internal import StraitText

extension TemplateValue {
    /// Python's `int(value)`, or nil if Python raises an error or the number does not fit in 64 bits.
    var asInt: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        case .double(let value): Int(exactly: value.rounded(.towardZero))
        case .decimal(let value): value.int
        case .string(let value): PythonNumber.int(value)
        case .safe(let value): PythonNumber.int(value.text)
        default: nil
        }
    }

    /// Python's `int(value)` of any size, or nil if Python raises an error.
    var asWhole: TemplateDecimal? {
        switch self {
        case .bool(let value): TemplateDecimal(value ? 1 : 0)
        case .int(let value): TemplateDecimal(value)
        case .double(let value): TemplateDecimal(truncating: value)
        case .decimal(let value): value.truncated()
        case .string(let value): PythonNumber.whole(value)
        case .safe(let value): PythonNumber.whole(value.text)
        default: nil
        }
    }

    /// Python's `float(value)`, or nil if Python raises an error.
    var asDouble: Double? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .double(let value): value
        case .decimal(let value): value.double
        case .string(let value): PythonNumber.double(value)
        case .safe(let value): PythonNumber.double(value.text)
        default: nil
        }
    }

    /// The exact value of a number or Boolean, or nil for infinity, NaN and other values.
    var asDecimal: TemplateDecimal? {
        switch self {
        case .bool(let value): TemplateDecimal(value ? 1 : 0)
        case .int(let value): TemplateDecimal(value)
        case .double(let value): TemplateDecimal(exactly: value)
        case .decimal(let value): value
        default: nil
        }
    }

    /// Whether the value is a number or a Boolean, both of which support arithmetic and comparison.
    var isNumber: Bool {
        switch self {
        case .bool, .int, .double, .decimal: true
        default: false
        }
    }

    /// Creates ``int(_:)`` if the number fits in 64 bits, otherwise ``decimal(_:)``.
    init(whole number: TemplateDecimal) { self = number.int.map { .int($0) } ?? .decimal(number) }
}

extension PythonNumber {
    /// Returns a float as `{{ value }}` prints it: without an exponent up to 200 digits (Django's
    /// `numberformat.format`).
    static func localized(_ value: Double) -> String {
        let text = text(value)
        guard text.utf8.contains(UInt8(ascii: "e")), let decimal = TemplateDecimal(text) else { return text }
        return decimal.localized
    }

    /// Returns Python's `int(text)` of any size up to Python's limit of 4,300 digits, or nil if Python raises
    /// ValueError.
    static func whole(_ text: String) -> TemplateDecimal? {
        guard let clean = cleaned(text), clean.utf8.count <= 4301 else { return nil }
        let hasSign = clean.utf8.first == 0x2D || clean.utf8.first == 0x2B
        let digits = clean.utf8.dropFirst(hasSign ? 1 : 0)
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return TemplateDecimal(clean.utf8, isInteger: true)
    }
}
