internal import StraitText

private import Foundation

/// Python's `%` operator with one value, such as `"%05.2f" % value`, for the filter `stringformat`.
struct PercentFormat {
    private var flags: Set<Unicode.Scalar> = []
    private var width = 0
    private var precision: Int?

    /// Returns `("%" + format) % value`, or nil if Python raises an error.
    static func apply(_ format: String, to value: TemplateValue) throws(TemplateError) -> String? {
        let scalars = Array(("%" + format).unicodeScalars)
        var result = ""
        var index = 0
        // A tuple becomes a string first. Unlike other values, a list or a dictionary need not be used by the format.
        let value = { if case .tuple = value { TemplateValue.string(value.text) } else { value } }()
        var isUsed = false
        var isMapping = false
        switch value {
        case .list, .dictionary: isMapping = true
        default: break
        }
        while index < scalars.count {
            guard scalars[index] == "%" else {
                result.unicodeScalars.append(scalars[index])
                index += 1
                continue
            }
            index += 1
            var spec = PercentFormat()
            var operand = value
            var hasKey = false
            if index < scalars.count, scalars[index] == "(" {
                guard let close = scalars[index...].firstIndex(of: ")"), case .dictionary(let dictionary) = value else {
                    return nil
                }
                let key = PythonText.string(scalars[index + 1..<close])
                guard let entry = dictionary[key] else {
                    throw .badValue("'stringformat' needs '\(key)', which the value does not have. Check the spelling.")
                }
                operand = entry
                hasKey = true
                index = close + 1
            }
            guard spec.read(scalars, &index), index < scalars.count else { return nil }
            let kind = scalars[index]
            index += 1
            if kind == "%" {
                result += "%"
                continue
            }
            if !hasKey {
                guard !isUsed else { return nil }
                isUsed = true
            }
            guard let text = try spec.text(operand, kind) else { return nil }
            result += text
        }
        return isUsed || isMapping ? result : nil
    }

    /// Reads the flags, the width and the precision. Returns false if a number is too large.
    private mutating func read(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Bool {
        while index < scalars.count, ["-", "+", " ", "#", "0"].contains(scalars[index]) {
            flags.insert(scalars[index])
            index += 1
        }
        guard let width = Self.number(scalars, &index) else { return false }
        self.width = width
        if index < scalars.count, scalars[index] == "." {
            index += 1
            guard let precision = Self.number(scalars, &index) else { return false }
            self.precision = precision
        }
        if index < scalars.count, ["h", "l", "L"].contains(scalars[index]) { index += 1 }
        return true
    }

    /// Reads a number. Returns nil if it is over 100,000.
    private static func number(_ scalars: [Unicode.Scalar], _ index: inout Int) -> Int? {
        var value = 0
        while index < scalars.count, ("0"..."9").contains(scalars[index]) {
            value = value * 10 + Int(scalars[index].value - 0x30)
            guard value <= 100_000 else { return nil }
            index += 1
        }
        return value
    }

    private func text(_ value: TemplateValue, _ kind: Unicode.Scalar) throws(TemplateError) -> String? {
        switch kind {
        case "s": return cut(value.text)
        case "r": return cut(value.representation)
        case "a": return cut(value.asciiRepresentation)
        case "c":
            if let text = value.string { return text.unicodeScalars.count == 1 ? padded("", text, zeros: false) : nil }
            guard value.isWholeNumber, let number = value.asWhole else { return nil }
            guard let scalar = number.int.flatMap({ UInt32(exactly: $0) }).flatMap(Unicode.Scalar.init) else {
                throw .badValue("'stringformat' got \(number) for 'c'. Use a Unicode code point.")
            }
            return padded("", String(scalar), zeros: false)
        case "d", "i", "u":
            if case .double(let number) = value, number.isInfinite { throw .notANumber("stringformat", value) }
            guard value.isNumber, let number = value.asWhole else { return nil }
            return whole(isNegative: number.isNegative, String(Substring(number.fixed.utf8.drop { $0 == 0x2D })), "")
        case "o", "x", "X":
            guard value.isWholeNumber, let number = value.asWhole else { return nil }
            let digits = number.digits(radix: kind == "o" ? 8 : 16)
            return whole(
                isNegative: number.isNegative, kind == "X" ? digits.uppercased() : digits,
                flags.contains("#") ? "0\(kind)" : "")
        case "e", "E", "f", "F", "g", "G":
            guard value.isNumber, let number = value.asDouble else { return nil }
            return float(number, kind)
        default: return nil
        }
    }

    private func cut(_ text: String) -> String {
        padded("", precision.map { String(text.unicodeScalars.prefix($0)) } ?? text, zeros: false)
    }

    private func sign(_ isNegative: Bool) -> String {
        isNegative ? "-" : flags.contains("+") ? "+" : flags.contains(" ") ? " " : ""
    }

    private func whole(isNegative: Bool, _ digits: String, _ prefix: String) -> String {
        var digits = digits
        if let precision, digits.utf8.count < precision {
            digits = String(repeating: "0", count: precision - digits.utf8.count) + digits
        }
        return padded(sign(isNegative) + prefix, digits, zeros: flags.contains("0"))
    }

    private func float(_ number: Double, _ kind: Unicode.Scalar) -> String {
        let isNegative = number.sign == .minus && !number.isNaN
        let places = precision ?? 6
        let isUpper = ("A"..."Z").contains(kind)
        guard number.isFinite else {
            let text = number.isNaN ? "nan" : "inf"
            return padded(sign(isNegative), isUpper ? text.uppercased() : text, zeros: flags.contains("0"))
        }
        let format = "%" + (flags.contains("#") ? "#" : "") + ".\(places)\(kind)"
        return padded(sign(isNegative), String(format: format, number.magnitude), zeros: flags.contains("0"))
    }

    private func padded(_ sign: String, _ text: String, zeros: Bool) -> String {
        let missing = width - sign.unicodeScalars.count - text.unicodeScalars.count
        guard missing > 0 else { return sign + text }
        if flags.contains("-") { return sign + text + String(repeating: " ", count: missing) }
        if zeros { return sign + String(repeating: "0", count: missing) + text }
        return String(repeating: " ", count: missing) + sign + text
    }

    /// Returns `"%.{places}f" % number`.
    static func fixed(_ number: Double, _ places: Int) -> String { String(format: "%.\(places)f", number) }
}

extension TemplateValue {
    /// Whether the value is a Python `int` or `bool`.
    fileprivate var isWholeNumber: Bool {
        switch self {
        case .bool, .int: true
        case .decimal(let number): number.isInteger
        default: false
        }
    }

    /// Python's `ascii(value)`.
    fileprivate var asciiRepresentation: String {
        if let string { return PythonText.asciiRepresentation(string) }
        return representation.unicodeScalars.map { $0.isASCII ? String($0) : PythonText.escaped($0) }.joined()
    }
}
