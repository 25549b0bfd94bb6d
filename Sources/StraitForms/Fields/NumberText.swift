internal import FoundationEssentials
internal import StraitText

/// Number parsing for form fields. It follows Python, but rejects underscores (`1_000`) and digits of other scripts,
/// because browsers and users send neither. Number parsing in templates accepts both.
enum NumberText {
    /// Reads a sign and digits, with an optional `.0`, which browsers may send. Returns nil for other text, and if
    /// `Value` cannot hold the number.
    static func integer<Value: FixedWidthInteger>(_ text: String, as type: Value.Type = Int.self) -> Value? {
        guard text.utf8.count <= 4400 else { return nil }
        // Django removes `\.0*\s*$`.
        let stripped = PythonText.stripped(text).utf8
        let zeros = stripped.reversed().prefix { $0 == 0x30 }.count
        var bytes = Array(PythonNumber.stripped(text).utf8)[...]
        if stripped.dropLast(zeros).last == 0x2E, let point = text.utf8.lastIndex(of: 0x2E) {
            bytes = Array(PythonNumber.stripped(String(text[..<point])).utf8)[...]
        }
        let digits = bytes.first == 0x2D || bytes.first == 0x2B ? bytes.dropFirst() : bytes
        guard !digits.isEmpty, digits.allSatisfy(PythonNumber.isDigit) else { return nil }
        return Value(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads a sign, digits with a decimal point, and an exponent. Returns nil for other text, including infinity and
    /// NaN, and for numbers that are too large.
    static func double(_ text: String) -> Double? {
        guard text.utf8.count <= longest, let parts = DecimalText(PythonNumber.stripped(text).utf8),
            let number = Double(parts.text), number.isFinite
        else { return nil }
        return number
    }

    /// Reads a number of at most 38 digits.
    static func decimal(_ text: String) -> Decimal? {
        guard let parts = parts(text), parts.length.total <= 38 else { return nil }
        return decimal(parts)
    }

    /// Returns the number for `parts`, which must have at most 38 digits.
    static func decimal(_ parts: DecimalText) -> Decimal? {
        guard let number = Decimal(string: parts.text), !number.isNaN else { return nil }
        return number
    }

    /// The maximum length of the text of a float or a decimal, in bytes. Python reads longer text.
    private static let longest = 1000

    /// Reads the parts of a number. Returns nil for other text and for text that is too long.
    static func parts(_ text: String) -> DecimalText? {
        text.utf8.count <= longest ? DecimalText(PythonText.stripped(text).utf8) : nil
    }
}

extension DecimalText {
    /// The number of digits in total and the number after the decimal point, counted as in Django's `DecimalValidator`.
    /// Leading zeros count only after the point.
    var length: (total: Int, places: Int) {
        let count = max((whole + fraction).drop { $0 == 0 }.count, 1)
        // If `places` is negative, that many zeros follow the digits.
        let places = fraction.count - power
        return places < 0 ? (count - places, 0) : (max(count, places), places)
    }
}
