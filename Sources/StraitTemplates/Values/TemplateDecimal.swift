public import Foundation
internal import StraitText

/// A decimal number of any precision: Python's `Decimal`, or an `int` that does not fit in 64 bits.
///
/// Foundation's `Decimal` drops trailing zeros. To keep them, parse a string: `TemplateDecimal("2.50")`.
public struct TemplateDecimal: Sendable, CustomStringConvertible {
    /// Whether the number is negative, including minus zero.
    let isNegative: Bool
    /// The digits, from 0 to 9. The first is 0 only if it is the only one.
    let digits: [UInt8]
    /// The power of ten of the last digit.
    let exponent: Int
    /// Whether the number is a Python `int`, which prints without an exponent.
    let isInteger: Bool

    init(isNegative: Bool, digits: [UInt8], exponent: Int, isInteger: Bool = false) {
        let zeros = digits.prefix { $0 == 0 }.count
        self.isNegative = isNegative
        self.digits = digits.isEmpty ? [0] : zeros == 0 ? digits : Array(digits.dropFirst(min(zeros, digits.count - 1)))
        self.exponent = exponent
        self.isInteger = isInteger
    }

    /// Parses a finite number by the rules of Python's `Decimal`. Returns nil for other text, infinity and NaN.
    public init?(_ text: String) {
        if let number = Self(text.utf8) {
            self = number
            return
        }
        guard text.utf8.contains(where: { $0 >= 0x80 || $0 <= 0x20 || $0 == 0x5F }) else { return nil }
        self.init(PythonNumber.asciiDigits(PythonText.stripped(text)).utf8.filter { $0 != 0x5F })
    }

    /// Parses an optional sign, digits with an optional point, and an optional exponent.
    init?(_ text: some Collection<UInt8>) {
        guard let number = DecimalText(text), let exponent = number.exponent else { return nil }
        self.init(isNegative: number.isNegative, digits: number.whole + number.fraction, exponent: exponent)
    }

    /// Creates a whole number of any size, which prints like a Python `int`.
    public init(_ number: some BinaryInteger) {
        self.init(
            isNegative: number < 0, digits: String(number.magnitude).utf8.map { $0 &- 0x30 }, exponent: 0,
            isInteger: true)
    }

    // MARK: Parts

    /// Whether the number is zero.
    var isZero: Bool { digits == [0] }

    /// Whether all digits after the point are zeros.
    var isWhole: Bool {
        exponent >= 0 || isZero || (exponent > -digits.count && digits.suffix(-exponent).allSatisfy { $0 == 0 })
    }

    /// The number of digits plus the exponent's magnitude. Django uses it to detect numbers that are too long.
    var length: Int { digits.count + Int(exponent.magnitude) }

    /// The power of ten of the first digit.
    var firstExponent: Int { exponent + digits.count - 1 }

    /// Returns Python's `int(self)`: the number without its decimal places. Returns nil if it has more than `limit`
    /// digits.
    func truncated(limit: Int = 4300) -> TemplateDecimal? {
        guard !isZero, exponent + digits.count > 0 else {
            return TemplateDecimal(isNegative: false, digits: [0], exponent: 0, isInteger: true)
        }
        guard exponent + digits.count <= limit else { return nil }
        let whole =
            exponent >= 0 ? digits + [UInt8](repeating: 0, count: exponent) : Array(digits.dropLast(-exponent))
        return TemplateDecimal(isNegative: isNegative, digits: whole, exponent: 0, isInteger: true)
    }

    /// Python's `int(self)`, or nil if it does not fit in 64 bits.
    var int: Int? {
        guard let whole = truncated(limit: 19) else { return nil }
        let value = whole.digits.reduce(UInt64(0)) { $0 * 10 + UInt64($1) }
        return whole.isNegative
            ? (value <= UInt64(Int.max) + 1 ? Int(truncatingIfNeeded: 0 &- value) : nil) : Int(exactly: value)
    }

    /// The nearest floating-point number, or infinity if the number is too large.
    var double: Double {
        if isZero { return isNegative ? -0.0 : 0 }
        if firstExponent > 400 { return isNegative ? -.infinity : .infinity }
        if firstExponent < -400 { return isNegative ? -0.0 : 0 }
        return Double((isNegative ? "-" : "") + digitText + "e\(exponent)") ?? 0
    }

    private var digitText: String { String(decoding: digits.lazy.map { $0 &+ 0x30 }, as: UTF8.self) }

    // MARK: Text

    /// Python's `str` of the number. Very large and very small numbers have an exponent.
    public var description: String {
        guard exponent > 0 || exponent + digits.count <= -6 else { return fixed }
        return scientific(mark: "E")
    }

    /// Python's `repr` of the number.
    var representation: String { isInteger ? description : "Decimal('\(description)')" }

    /// All digits without an exponent (Python's `{:f}`).
    var fixed: String {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digits.count + 2)
        if isNegative { bytes.append(0x2D) }
        appendFixed(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    private func appendFixed(to bytes: inout [UInt8]) {
        let whole = exponent + digits.count
        if whole <= 0 {
            bytes.append(0x30)
        } else {
            for digit in digits.prefix(whole) { bytes.append(digit &+ 0x30) }
            if exponent > 0, !isZero { bytes.append(contentsOf: repeatElement(0x30, count: exponent)) }
        }
        guard exponent < 0 else { return }
        bytes.append(0x2E)
        if whole < 0 { bytes.append(contentsOf: repeatElement(0x30, count: -whole)) }
        for digit in digits.dropFirst(max(0, whole)) { bytes.append(digit &+ 0x30) }
    }

    /// One digit before the point, and an exponent (Python's `{:e}`).
    var scientific: String { scientific(mark: "e") }

    private func scientific(mark: String) -> String {
        let text = digitText.utf8
        return (isNegative ? "-" : "") + String(Substring(text.prefix(1))) + (digits.count > 1 ? "." : "")
            + String(Substring(text.dropFirst())) + mark + (firstExponent < 0 ? "-" : "+")
            + String(firstExponent.magnitude)
    }

    /// The number as `{{ value }}` prints it: without an exponent up to 200 digits (Django's `numberformat.format`).
    var localized: String { isInteger || length <= 200 ? fixed : scientific }
}

extension TemplateDecimal {
    /// Creates a number from a Foundation `Decimal`, or returns nil for NaN.
    public init?(_ number: Decimal) {
        guard !number.isNaN else { return nil }
        self.init(number.description.utf8)
    }

    /// Creates the exact value of a floating-point number, which has up to 1,075 digits. Returns nil for infinity and
    /// NaN.
    init?(exactly number: Double) {
        guard number.isFinite else { return nil }
        self.init(String(format: "%.1074f", number).utf8)
    }

    /// Creates Python's `int(number)`. Returns nil for infinity and NaN.
    init?(truncating number: Double) {
        guard number.isFinite else { return nil }
        self.init(String(format: "%.0f", number.rounded(.towardZero)).utf8, isInteger: true)
    }

    /// Creates a number from text, as ``init(_:)`` does. It prints as an `int` if `isInteger` is true.
    init?(_ digits: some Collection<UInt8>, isInteger: Bool) {
        guard let number = TemplateDecimal(digits) else { return nil }
        self.init(
            isNegative: number.isNegative && !number.isZero, digits: number.digits, exponent: number.exponent,
            isInteger: isInteger)
    }
}
