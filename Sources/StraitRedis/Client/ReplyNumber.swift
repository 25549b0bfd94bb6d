import StraitCore

/// Parsers for RESP numbers, which are text. They are stricter than Swift's initializers, which also accept hexadecimal
/// and more.
enum ReplyNumber {
    /// Parses a whole number without leading zeros, with an optional sign. Returns nil if it is invalid or does not
    /// fit.
    static func integer(_ text: Span<UInt8>) -> Int? {
        guard isInteger(text) else { return nil }
        let isNegative = text[0] == minus
        var value = 0
        for index in (isSign(text[0]) ? 1 : 0)..<text.count {
            // Accumulated as a negative number, because the smallest number has no positive counterpart.
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (difference, isTooSmall) = product.subtractingReportingOverflow(Int(text[index] &- zero))
            if isTooLarge || isTooSmall { return nil }
            value = difference
        }
        if isNegative { return value }
        return value == .min ? nil : -value
    }

    /// Whether `text` is a whole number of any length without leading zeros.
    static func isInteger(_ text: Span<UInt8>) -> Bool {
        guard text.count > 0 else { return false }
        let first = isSign(text[0]) ? 1 : 0
        guard text.count > first else { return false }
        for index in first..<text.count { guard isDigit(text[index]) else { return false } }
        return text[first] != zero || text.count == 1
    }

    /// Parses a decimal number, `inf`, `-inf`, `nan` or `-nan`, as Redis writes them. Returns nil if it is invalid.
    static func double(_ text: Span<UInt8>) -> Double? {
        let string = String(decoding: Bytes(text), as: UTF8.self)
        switch string {
        case "inf": return .infinity
        case "-inf": return -.infinity
        case "nan", "-nan": return .nan
        default: break
        }
        for index in text.indices {
            switch text[index] {
            case zero...(zero + 9), minus, plus, UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
            default: return nil
            }
        }
        return Double(string)
    }

    private static let zero = UInt8(ascii: "0")
    private static let minus = UInt8(ascii: "-")
    private static let plus = UInt8(ascii: "+")

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- zero <= 9 }
    private static func isSign(_ byte: UInt8) -> Bool { byte == minus || byte == plus }
}
