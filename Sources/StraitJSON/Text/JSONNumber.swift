internal import FoundationEssentials
package import StraitCore

/// A number in its original text, so that each type can read all of its digits.
package struct JSONNumber: Sendable {
    package let text: Bytes
    /// Whether the number has a fraction or an exponent, or is not a JSON number, such as `NaN`.
    package let isComplex: Bool

    init(_ text: Bytes, isComplex: Bool) {
        self.text = text
        self.isComplex = isComplex
    }

    /// The reasons why a type cannot hold a number.
    enum Failure: Error {
        case range, fraction
    }

    /// Returns the number as an integer; nil if `Number` cannot hold it. `1.0` and `1e2` are integers.
    package func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Number? { try? exact(type) }

    @inline(__always)
    func exact<Number: FixedWidthInteger>(_ type: Number.Type) throws(Failure) -> Number {
        if !isComplex { return try Self.whole(text.span, type) }
        return try decimal().integer(type)
    }

    /// Reads decimal digits with an optional sign.
    @inline(__always)
    private static func whole<Number: FixedWidthInteger>(
        _ digits: Span<UInt8>, _ type: Number.Type
    ) throws(Failure) -> Number {
        var index = 0
        let isNegative = digits.count > 0 && digits[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        // Eighteen digits always fit.
        if digits.count &- index <= 18 {
            var number: Int64 = 0
            while index < digits.count {
                number = number &* 10 &+ Int64(digits[index] &- UInt8(ascii: "0"))
                index &+= 1
            }
            guard let number = Number(exactly: isNegative ? 0 &- number : number) else { throw .range }
            return number
        }
        var number: Number = 0
        guard let ten = Number(exactly: 10) else { throw .range }
        while index < digits.count {
            let digit = Number(truncatingIfNeeded: digits[index] &- UInt8(ascii: "0"))
            let (product, isTooLarge) = number.multipliedReportingOverflow(by: ten)
            let (sum, hasEnded) =
                isNegative
                ? product.subtractingReportingOverflow(digit) : product.addingReportingOverflow(digit)
            guard !isTooLarge, !hasEnded else { throw .range }
            number = sum
            index &+= 1
        }
        return number
    }

    /// Returns the digits and the exponent of the number. Throws an error for `NaN` and `Infinity`.
    func decimal() throws(Failure) -> JSONDecimal {
        guard let decimal = JSONDecimal(text.span) else { throw .range }
        return decimal
    }

    /// The nearest `Double`; infinite if the number is too large.
    package var double: Double {
        if let quick = quickDouble { return quick }
        return Self.floating(string, Double.self)
    }

    /// The nearest `Float`; infinite if the number is too large.
    var float: Float { Self.floating(string, Float.self) }

    private var string: String { String(decoding: text, as: UTF8.self) }

    private static func floating<Number: BinaryFloatingPoint & LosslessStringConvertible>(
        _ text: String, _ type: Number.Type
    ) -> Number {
        switch text {
        case "NaN": .nan
        case "Infinity": .infinity
        case "-Infinity": -.infinity
        // Some versions of the standard library return nil for a number that overflows.
        default: Number(text) ?? (text.utf8.first == UInt8(ascii: "-") ? -.infinity : .infinity)
        }
    }

    /// The number if its digits fit in the 53 bits of a `Double` and it has no exponent; otherwise nil. One division
    /// then gives the correctly rounded result.
    private var quickDouble: Double? {
        let span = text.span
        var index = 0
        let isNegative = span.count > 0 && span[0] == UInt8(ascii: "-")
        if isNegative { index = 1 }
        guard span.count &- index <= 16 else { return nil }
        var digits: UInt64 = 0
        var places = 0
        var isFraction = false
        while index < span.count {
            let digit = span[index] &- UInt8(ascii: "0")
            if digit <= 9 {
                digits = digits &* 10 &+ UInt64(digit)
                if isFraction { places &+= 1 }
            } else if span[index] == UInt8(ascii: "."), !isFraction {
                isFraction = true
            } else {
                return nil
            }
            index &+= 1
        }
        guard digits < 1 << 53 else { return nil }
        let number = places == 0 ? Double(digits) : Double(digits) / Self.powers[places]
        return isNegative ? -number : number
    }

    private static let powers: [Double] = [
        1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    ]
}

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
