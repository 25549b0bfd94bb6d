internal import FoundationEssentials

/// Number parsing as in Python, but only with the digits 0 to 9 and without underscores (`1_000`).
enum NumberText {
    /// Reads a sign and digits, with an optional `.0`, which browsers may send. Returns nil for other text, and if
    /// `Value` cannot hold the number.
    static func integer<Value: FixedWidthInteger>(_ text: String, as type: Value.Type = Int.self) -> Value? {
        guard text.utf8.count <= 4400 else { return nil }
        var bytes = Array(pythonStripped(text).utf8)[...]
        let zeros = bytes.reversed().prefix { $0 == 0x30 }.count
        if bytes.dropLast(zeros).last == 0x2E {
            bytes = Array(pythonStripped(String(decoding: bytes.dropLast(zeros + 1), as: UTF8.self)).utf8)[...]
        }
        let digits = bytes.first == 0x2D || bytes.first == 0x2B ? bytes.dropFirst() : bytes
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { return nil }
        return Value(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads a sign, digits with a decimal point, and an exponent. Returns nil for other text, including infinity and
    /// NaN, and for numbers that are too large.
    static func double(_ text: String) -> Double? {
        guard let parts = Parts(text), let number = Double(parts.text), number.isFinite else { return nil }
        return number
    }

    /// Reads a number of at most 38 digits.
    static func decimal(_ text: String) -> Decimal? {
        guard let parts = Parts(text), parts.length.total <= 38 else { return nil }
        return decimal(parts)
    }

    /// Returns the number for `parts`, which must have at most 38 digits.
    static func decimal(_ parts: Parts) -> Decimal? {
        guard let number = Decimal(string: parts.text), !number.isNaN else { return nil }
        return number
    }

    fileprivate static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// The digits of a decimal number.
    struct Parts {
        /// All digits, before and after the decimal point, without the point.
        private let digits: [UInt8]
        /// The number of digits after the decimal point; negative if zeros must be added.
        private let places: Int
        /// The number in the notation that Swift and Foundation read.
        let text: String

        /// The longest text that is read, in bytes. Python reads longer ones.
        private static let longest = 1000

        init?(_ text: String) {
            guard text.utf8.count <= Self.longest else { return nil }
            var rest = Array(pythonStripped(text).utf8)[...]
            let isNegative = rest.first == 0x2D
            if isNegative || rest.first == 0x2B { rest = rest.dropFirst() }
            let whole = rest.prefix(while: NumberText.isDigit)
            rest = rest.dropFirst(whole.count)
            var fraction = ArraySlice<UInt8>()
            if rest.first == 0x2E {
                fraction = rest.dropFirst().prefix(while: NumberText.isDigit)
                rest = rest.dropFirst(1 + fraction.count)
            }
            guard !whole.isEmpty || !fraction.isEmpty else { return nil }
            var exponent = 0
            if rest.first == 0x65 || rest.first == 0x45 {
                let isBelow = rest.dropFirst().first == 0x2D
                let power = rest.dropFirst(isBelow || rest.dropFirst().first == 0x2B ? 2 : 1)
                guard !power.isEmpty, power.allSatisfy(NumberText.isDigit) else { return nil }
                // A larger exponent makes no difference.
                exponent = power.reduce(0) { min($0 * 10 + Int($1 - 0x30), 1_000_000) } * (isBelow ? -1 : 1)
                rest = []
            }
            guard rest.isEmpty else { return nil }
            digits = Array(whole) + fraction
            places = fraction.count - exponent
            self.text =
                (isNegative ? "-" : "") + (whole.isEmpty ? "0" : String(decoding: whole, as: UTF8.self))
                + (fraction.isEmpty ? "" : "." + String(decoding: fraction, as: UTF8.self))
                + (exponent == 0 ? "" : "e\(exponent)")
        }

        /// The numbers of digits in total and after the decimal point, as Django's `DecimalValidator` counts them.
        /// Zeros after the point count; leading zeros do not.
        var length: (total: Int, places: Int) {
            let count = max(digits.drop { $0 == 0x30 }.count, 1)
            return places < 0 ? (count - places, 0) : (max(count, places), places)
        }
    }
}
