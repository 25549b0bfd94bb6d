/// A number in text: an optional sign, digits with an optional point, and an optional exponent.
///
/// Python's `float` and `Decimal` also accept infinity, NaN, white space, underscores and the digits of other scripts.
package struct DecimalText {
    /// Whether the text begins with a minus sign.
    package let isNegative: Bool
    /// The values of the digits before the point, each from 0 to 9.
    package let whole: [UInt8]
    /// The values of the digits after the point, each from 0 to 9.
    package let fraction: [UInt8]
    /// The exponent in the text; 0 if there is none. A magnitude above ``largestPower`` is stored as that limit plus 1.
    package let power: Int

    /// The largest magnitude of an exponent that Python's `Decimal` accepts.
    package static let largestPower = 999_999_999_999_999_999

    /// Reads a number. Returns nil for other text.
    package init?(_ text: some Collection<UInt8>) {
        var index = text.startIndex
        func next() -> UInt8? { index < text.endIndex ? text[index] : nil }
        func sign() -> Bool {
            guard let byte = next(), byte == 0x2D || byte == 0x2B else { return false }
            text.formIndex(after: &index)
            return byte == 0x2D
        }
        func digits() -> [UInt8] {
            var digits: [UInt8] = []
            while let byte = next(), PythonNumber.isDigit(byte) {
                digits.append(byte &- 0x30)
                text.formIndex(after: &index)
            }
            return digits
        }
        isNegative = sign()
        whole = digits()
        if next() == 0x2E {
            text.formIndex(after: &index)
            fraction = digits()
        } else {
            fraction = []
        }
        guard !whole.isEmpty || !fraction.isEmpty else { return nil }
        var power = 0
        if let mark = next(), mark | 0x20 == 0x65 {
            text.formIndex(after: &index)
            let isBelow = sign()
            let digits = digits()
            guard !digits.isEmpty else { return nil }
            for digit in digits {
                power = power > Self.largestPower / 10 ? Self.largestPower + 1 : power * 10 + Int(digit)
            }
            if isBelow { power = -power }
        }
        self.power = power
        guard index == text.endIndex else { return nil }
    }

    /// The power of ten of the last digit, or nil if Python's `Decimal` does not accept ``power``.
    package var exponent: Int? { power.magnitude > Self.largestPower ? nil : power - fraction.count }

    /// The number as text that Swift and Foundation can parse: a point has digits on both sides.
    package var text: String {
        var bytes: [UInt8] = isNegative ? [0x2D] : []
        bytes += whole.isEmpty ? [0x30] : whole.map { $0 &+ 0x30 }
        if !fraction.isEmpty {
            bytes.append(0x2E)
            for digit in fraction { bytes.append(digit &+ 0x30) }
        }
        return String(decoding: bytes, as: UTF8.self) + (power == 0 ? "" : "e\(power)")
    }
}
