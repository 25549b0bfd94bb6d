/// Number parsing and formatting with Python's rules.
enum PythonNumber {
    /// Returns Python's `repr` of a float.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        return value.description
    }

    /// Returns a float as `{{ value }}` prints it: without an exponent up to 200 digits (Django's
    /// `numberformat.format`).
    static func localized(_ value: Double) -> String {
        let text = text(value)
        guard text.utf8.contains(UInt8(ascii: "e")), let decimal = TemplateDecimal(text) else { return text }
        return decimal.localized
    }

    /// Returns Python's `int(text)`, or nil if Python raises ValueError or the number does not fit in 64 bits.
    static func int(_ text: String) -> Int? {
        if let number = smallInt(text.utf8) { return number }
        guard let clean = cleaned(text) else { return nil }
        return Int(clean)
    }

    /// A fast path for 1 to 18 ASCII digits. Returns nil for other text.
    private static func smallInt(_ text: String.UTF8View) -> Int? {
        guard (1...18).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard isDigit(byte) else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
        }
        return value
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

    /// Returns Python's `float(text)`, or nil if Python raises ValueError.
    static func double(_ text: String) -> Double? {
        guard let clean = cleaned(text), !clean.isEmpty else { return nil }
        var bytes = Array(clean.utf8)
        let isNegative = bytes[0] == 0x2D
        if isNegative || bytes[0] == 0x2B { bytes.removeFirst() }
        // Unlike Python, Swift also accepts hexadecimal digits and NaN payloads.
        if bytes.count <= 8, let first = bytes.first, first & 0xDF == 0x49 || first & 0xDF == 0x4E {
            switch String(decoding: bytes.map { $0 | 0x20 }, as: UTF8.self) {
            case "inf", "infinity": return isNegative ? -.infinity : .infinity
            case "nan": return .nan
            default: return nil
            }
        }
        guard let plain = plain(bytes) else { return nil }
        return Double(isNegative ? "-" + plain : plain)
    }

    /// Whether Python's `Decimal` accepts the text as a NaN, such as `sNaN` or `-nan12`.
    static func isDecimalNaN(_ text: String) -> Bool {
        guard text.utf8.count <= 64 else { return false }
        var bytes = asciiDigits(PythonText.stripped(text)).utf8.map { $0 | 0x20 }[...]
        // The signs are not changed by `| 0x20`, because they already contain that bit.
        if bytes.first == 0x2D || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        if bytes.first == UInt8(ascii: "s") { bytes = bytes.dropFirst() }
        return bytes.starts(with: "nan".utf8) && bytes.dropFirst(3).allSatisfy(isDigit)
    }

    /// Returns a number without a sign in a form that Swift accepts: with digits on both sides of the point. Returns
    /// nil if the bytes are not a number.
    private static func plain(_ bytes: [UInt8]) -> String? {
        var index = 0
        func digits() -> ArraySlice<UInt8> {
            let start = index
            while index < bytes.count, isDigit(bytes[index]) { index += 1 }
            return bytes[start..<index]
        }
        let whole = digits()
        var fraction = ArraySlice<UInt8>()
        if index < bytes.count, bytes[index] == 0x2E {
            index += 1
            fraction = digits()
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var result = whole.isEmpty ? [0x30] : Array(whole)
        if !fraction.isEmpty { result += [0x2E] + fraction }
        if index < bytes.count {
            guard bytes[index] | 0x20 == 0x65 else { return nil }
            index += 1
            result.append(0x65)
            if index < bytes.count, bytes[index] == 0x2D || bytes[index] == 0x2B {
                result.append(bytes[index])
                index += 1
            }
            let power = digits()
            guard !power.isEmpty, index == bytes.count else { return nil }
            result += power
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// Removes white space around a number and underscores between digits. Returns nil if an underscore is elsewhere.
    static func cleaned(_ text: String) -> String? {
        let stripped = asciiDigits(PythonText.stripped(text))
        guard stripped.utf8.contains(UInt8(ascii: "_")) else { return stripped }
        let bytes = Array(stripped.utf8)
        for (index, byte) in bytes.enumerated() where byte == 0x5F {
            guard index > 0, index + 1 < bytes.count, isDigit(bytes[index - 1]), isDigit(bytes[index + 1]) else {
                return nil
            }
        }
        return String(decoding: bytes.filter { $0 != 0x5F }, as: UTF8.self)
    }

    /// Replaces the decimal digits of all scripts with ASCII digits.
    static func asciiDigits(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return PythonText.string(
            text.unicodeScalars.map { scalar in
                guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue,
                    let digit = Unicode.Scalar(0x30 + UInt32(value))
                else { return scalar }
                return digit
            })
    }

    static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}

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
