public import Foundation

extension TemplateDecimal {
    /// A decimal number of Foundation with its digits, or nil if it is not a number.
    public init?(_ number: Decimal) {
        guard !number.isNaN else { return nil }
        self.init(number.description.utf8)
    }

    /// The exact value of a floating-point number, which has up to 1,075 digits; nil for infinity and NaN.
    init?(exactly number: Double) {
        guard number.isFinite else { return nil }
        self.init(String(format: "%.1074f", number).utf8)
    }

    /// Python's `int(number)`; nil for infinity and NaN.
    init?(truncating number: Double) {
        guard number.isFinite else { return nil }
        self.init(String(format: "%.0f", number.rounded(.towardZero)).utf8, isInteger: true)
    }

    /// A whole number in a text of digits.
    init?(_ digits: some Collection<UInt8>, isInteger: Bool) {
        guard let number = TemplateDecimal(digits) else { return nil }
        self.init(
            isNegative: number.isNegative && !number.isZero, digits: number.digits, exponent: number.exponent,
            isInteger: isInteger)
    }
}
