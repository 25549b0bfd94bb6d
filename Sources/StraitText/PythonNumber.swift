/// Number parsing and formatting with Python's rules.
@usableFromInline package enum PythonNumber {
    /// Returns Python's `repr` of a float.
    package static func text(_ value: Double) -> String {
        if value.isNaN { return "nan" }
        return value.description
    }

    /// Returns Python's `int(text)`, or nil if Python raises ValueError or the number does not fit in 64 bits.
    package static func int(_ text: String) -> Int? {
        if let number = smallInt(text.utf8) { return number }
        guard let clean = cleaned(text) else { return nil }
        return Int(clean)
    }

    /// Whether Python's `int(text)` returns a number, of any size. Python reads at most 4,300 digits.
    package static func isInt(_ text: String) -> Bool {
        guard let clean = cleaned(text) else { return false }
        let digits = clean.utf8.first == 0x2D || clean.utf8.first == 0x2B ? clean.utf8.dropFirst() : clean.utf8[...]
        return (1...4300).contains(digits.count) && digits.allSatisfy(isDigit)
    }

    /// Returns the number in a text of 1 to 18 ASCII digits, and nil for other text. The fast path of ``int(_:)``.
    private static func smallInt(_ text: String.UTF8View) -> Int? {
        guard (1...18).contains(text.count) else { return nil }
        var value = 0
        for byte in text {
            guard isDigit(byte) else { return nil }
            value = value &* 10 &+ Int(byte &- 0x30)
        }
        return value
    }

    /// Returns Python's `float(text)`, or nil if Python raises ValueError.
    package static func double(_ text: String) -> Double? {
        guard let clean = cleaned(text), !clean.isEmpty else { return nil }
        var bytes = clean.utf8[...]
        let isNegative = bytes.first == 0x2D
        if isNegative || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        // `DecimalText` accepts neither infinity nor NaN.
        if bytes.count <= 8, let first = bytes.first, first & 0xDF == 0x49 || first & 0xDF == 0x4E {
            switch String(decoding: bytes.map { $0 | 0x20 }, as: UTF8.self) {
            case "inf", "infinity": return isNegative ? -.infinity : .infinity
            case "nan": return .nan
            default: return nil
            }
        }
        return DecimalText(clean.utf8).flatMap { Double($0.text) }
    }

    /// Whether Python's `Decimal` accepts the text as a NaN, such as `sNaN` or `-nan12`.
    package static func isDecimalNaN(_ text: String) -> Bool {
        guard text.utf8.count <= 64 else { return false }
        var bytes = asciiDigits(PythonText.stripped(text)).utf8.map { $0 | 0x20 }[...]
        // The signs are not changed by `| 0x20`, because they already contain that bit.
        if bytes.first == 0x2D || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        if bytes.first == UInt8(ascii: "s") { bytes = bytes.dropFirst() }
        return bytes.starts(with: "nan".utf8) && bytes.dropFirst(3).allSatisfy(isDigit)
    }

    /// Returns `text` without the white space that Python's `int` and `float` ignore at both ends. Unlike `strip` and
    /// `Decimal`, they do not ignore U+001C to U+001F.
    package static func stripped(_ text: String) -> String {
        PythonText.stripped(text, of: { PythonText.isSpace($0) && !(0x1C...0x1F).contains($0.value) })
    }

    /// Removes white space around a number and underscores between digits, and replaces the digits of other scripts.
    /// Returns nil if an underscore is elsewhere.
    package static func cleaned(_ text: String) -> String? {
        let stripped = asciiDigits(stripped(text))
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
    package static func asciiDigits(_ text: String) -> String {
        guard !text.utf8.allSatisfy({ $0 < 0x80 }) else { return text }
        return PythonText.string(
            text.unicodeScalars.map { scalar in
                guard scalar.properties.generalCategory == .decimalNumber, let value = scalar.properties.numericValue,
                    let digit = Unicode.Scalar(0x30 + UInt32(value))
                else { return scalar }
                return digit
            })
    }

    /// Whether a byte is one of the digits 0 to 9.
    @inlinable
    package static func isDigit(_ byte: UInt8) -> Bool { byte >= 0x30 && byte <= 0x39 }
}
