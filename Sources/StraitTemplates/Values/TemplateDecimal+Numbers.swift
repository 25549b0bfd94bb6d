public import Foundation

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

    /// Creates a number from a text, as ``init(_:)`` does, that prints as an `int` if `isInteger`.
    init?(_ digits: some Collection<UInt8>, isInteger: Bool) {
        guard let number = TemplateDecimal(digits) else { return nil }
        self.init(
            isNegative: number.isNegative && !number.isZero, digits: number.digits, exponent: number.exponent,
            isInteger: isInteger)
    }
}
