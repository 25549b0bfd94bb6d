/// Numbers as Python reads and prints them.
enum PythonNumber {
    /// `repr` of a float.
    static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        return value.description
    }

    /// A float as `{{ value }}` prints it: without an exponent up to 200 digits (Django's `numberformat.format`).
    static func localized(_ value: Double) -> String {
        let text = text(value)
        guard text.utf8.contains(UInt8(ascii: "e")), let decimal = DecimalNumber(text) else { return text }
        guard decimal.digits.count + abs(decimal.exponent) <= 200 else { return decimal.scientific }
        return decimal.fixed
    }

    /// `int(text)`; nil where Python raises ValueError, and for what no Int holds.
    static func int(_ text: String) -> Int? {
        guard let clean = cleaned(text) else { return nil }
        return Int(clean)
    }

    /// `float(text)`; nil where Python raises ValueError.
    static func double(_ text: String) -> Double? {
        guard let clean = cleaned(text), let last = clean.utf8.last, !clean.isEmpty else { return nil }
        // Swift takes hexadecimal digits and payloads of NaN as well.
        let body = clean.utf8.first.map { $0 == 0x2B || $0 == 0x2D } == true ? String(clean.dropFirst()) : clean
        switch body.lowercased() {
        case "inf", "infinity": return clean.hasPrefix("-") ? -.infinity : .infinity
        case "nan": return .nan
        default: break
        }
        guard body.utf8.allSatisfy({ ($0 >= 0x30 && $0 <= 0x39) || [0x2E, 0x65, 0x45, 0x2B, 0x2D].contains($0) })
        else { return nil }
        if last == 0x2E { return body.utf8.count > 1 ? Double(clean + "0") : nil }
        if body.hasPrefix(".") { return Double(clean.replacing(".", with: "0.", maxReplacements: 1)) }
        if let point = body.utf8.firstIndex(of: 0x2E) {
            let next = body.utf8.index(after: point)
            if next < body.endIndex, body.utf8[next] == 0x65 || body.utf8[next] == 0x45 {
                return Double(clean.replacing(".", with: "", maxReplacements: 1))
            }
        }
        return Double(clean)
    }

    /// Without space around it and underscores between digits; nil where an underscore is elsewhere.
    static func cleaned(_ text: String) -> String? {
        let stripped = asciiDigits(PythonText.stripped(text))
        guard stripped.utf8.contains(UInt8(ascii: "_")) else { return stripped }
        let bytes = Array(stripped.utf8)
        for (index, byte) in bytes.enumerated() where byte == 0x5F {
            guard index > 0, index + 1 < bytes.count, isDigit(bytes[index - 1]), isDigit(bytes[index + 1]) else {
                return nil
            }
        }
        return stripped.replacing("_", with: "")
    }

    /// With the digits of all scripts as those of ASCII.
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
    /// Python's `int(value)`; nil where it raises, and for what no Int holds.
    var asInt: Int? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): value
        case .double(let value): Int(exactly: value.rounded(.towardZero))
        case .string(let value): PythonNumber.int(value)
        case .safe(let value): PythonNumber.int(value.text)
        default: nil
        }
    }

    /// Python's `float(value)`; nil where it raises.
    var asDouble: Double? {
        switch self {
        case .bool(let value): value ? 1 : 0
        case .int(let value): Double(value)
        case .double(let value): value
        case .string(let value): PythonNumber.double(value)
        case .safe(let value): PythonNumber.double(value.text)
        default: nil
        }
    }

    /// A number or a truth, for arithmetic and comparison.
    var isNumber: Bool {
        switch self {
        case .bool, .int, .double: true
        default: false
        }
    }
}
