internal import FoundationEssentials

/// The exact value of a number: its digits without zeros at either end, and the power of ten of the last digit.
struct JSONDecimal {
    let isNegative: Bool
    let digits: [UInt8]
    let exponent: Int

    /// Reads a number; nil for text that is not a JSON number.
    init?(_ text: Span<UInt8>) {
        var index = 0
        isNegative = text.count > 0 && text[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        var digits: [UInt8] = []
        var exponent = 0
        var isFraction = false
        while index < text.count, text[index] | 0x20 != UInt8(ascii: "e") {
            let digit = text[index] &- UInt8(ascii: "0")
            if text[index] == UInt8(ascii: ".") {
                isFraction = true
            } else if digit <= 9 {
                if digit != 0 || !digits.isEmpty { digits.append(digit) }
                if isFraction { exponent -= 1 }
            } else {
                return nil
            }
            index += 1
        }
        if index < text.count {
            index += 1
            let isBelow = index < text.count && text[index] == UInt8(ascii: "-")
            if isBelow || (index < text.count && text[index] == UInt8(ascii: "+")) { index += 1 }
            var power = 0
            while index < text.count {
                let digit = text[index] &- UInt8(ascii: "0")
                guard digit <= 9 else { return nil }
                // The limit is larger than any exponent in use, and far from an overflow.
                power = min(power * 10 + Int(digit), 1 << 40)
                index += 1
            }
            exponent += isBelow ? -power : power
        }
        while digits.last == 0 {
            digits.removeLast()
            exponent += 1
        }
        self.digits = digits
        self.exponent = digits.isEmpty ? 0 : exponent
    }

    /// Returns the number as an integer.
    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws(JSONNumber.Failure) -> Number {
        guard exponent >= 0 else { throw .fraction }
        // No integer type has 100 digits.
        guard exponent < 100, digits.count < 100 else { throw .range }
        var text = isNegative && !digits.isEmpty ? "-" : ""
        for digit in digits { text.unicodeScalars.append(Unicode.Scalar(UInt8(ascii: "0") + digit)) }
        text += String(repeating: "0", count: exponent)
        if digits.isEmpty { text = "0" }
        guard let number = Number(text) else { throw .range }
        return number
    }

    /// The number as a `Decimal`; nil if it has more than 38 digits or its exponent is out of range.
    var foundation: Decimal? {
        if digits.isEmpty { return 0 }
        // A larger exponent than `Decimal` supports is written as zeros.
        let zeros = max(0, exponent - 127)
        guard digits.count + zeros <= 38, exponent >= -128, zeros < 38 else { return nil }
        var mantissa = Decimal(0)
        for part in stride(from: 0, to: digits.count, by: 18) {
            let group = digits[part..<min(part + 18, digits.count)]
            var value: UInt64 = 0
            var scale: UInt64 = 1
            for digit in group {
                value = value * 10 + UInt64(digit)
                scale *= 10
            }
            mantissa = mantissa * Decimal(scale) + Decimal(value)
        }
        for _ in 0..<zeros { mantissa *= 10 }
        return Decimal(sign: isNegative ? .minus : .plus, exponent: exponent - zeros, significand: mantissa)
    }
}
