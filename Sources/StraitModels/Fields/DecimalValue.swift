public import FoundationEssentials
internal import StraitCore
public import StraitDatabase

extension Decimal: ModelValue {
    /// `DecimalField` with 38 digits, 10 of them after the point. Give others with `@Digits`.
    public static var fieldKind: FieldKind { .decimal(maxDigits: 38, decimalPlaces: 10) }

    /// The number as text with all of its digits. A column of SQLite stores it as a floating-point number with about 15
    /// exact digits, as Django does.
    ///
    /// - Throws: ``DatabaseError/Code/value`` for NaN.
    public func databaseValue(for engine: DatabaseEngine) throws(DatabaseError) -> DatabaseValue {
        if isNaN { throw .value("The number NaN cannot be stored. Store nil in an optional field.") }
        return .text(description)
    }

    /// Reads a number. A floating-point number of SQLite is rounded to 15 significant digits, as in Django.
    public static func read(_ row: borrowing DatabaseRow, at index: Int) throws(DatabaseError) -> Decimal {
        let text: String
        switch row[index] {
        case .integer(let number): text = "\(number)"
        case .double(let number): text = DecimalDigits.text(of: number)
        case .text(let stored): text = stored
        case .null, .bytes: throw row.mismatch(index, "is not a decimal number")
        }
        guard DecimalDigits.isNumber(text), let value = Decimal(string: text), !value.isNaN else {
            throw row.mismatch(index, "is not a decimal number")
        }
        return value
    }
}

/// The digits of decimal numbers.
package enum DecimalDigits {
    /// Whether all of the text is a number. `Decimal` also reads the start of other text.
    package static func isNumber(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains($0) }
            && Double(text) != nil
    }

    /// Returns `number` with 15 significant digits: `1.23e+20`.
    static func text(of number: Double) -> String {
        // The shortest text that reads as the same number has up to 17 digits. Rounding 15 of them is exact.
        guard let exact = Decimal(string: "\(number)") else { return "\(number)" }
        return rounded(exact, significant: 15).description
    }

    /// Returns `number` with at most `significant` digits. Halves are rounded to even.
    private static func rounded(_ number: Decimal, significant: Int) -> Decimal {
        let digits = number.significand.description.count
        guard digits > significant else { return number }
        return rounded(number, places: significant - digits - number.exponent)
    }

    /// Returns `number` with at most `places` digits after the point. Halves are rounded to even.
    package static func rounded(_ number: Decimal, places: Int) -> Decimal {
        let dropped = -number.exponent - places
        guard dropped > 0 else { return number }
        var digits = number.significand.description.utf8.map { $0 - 0x30 }
        if digits.count < dropped { digits = Array(repeating: 0, count: dropped - digits.count) + digits }
        let rest = digits.suffix(dropped)
        digits.removeLast(dropped)
        let half = rest.first ?? 0
        let isAboveHalf = half > 5 || half == 5 && rest.dropFirst().contains { $0 > 0 }
        if isAboveHalf || half == 5 && (digits.last ?? 0) % 2 == 1 {
            var index = digits.count
            while true {
                index -= 1
                guard index >= 0 else {
                    digits.insert(1, at: 0)
                    break
                }
                digits[index] = (digits[index] + 1) % 10
                if digits[index] > 0 { break }
            }
        }
        let text = digits.isEmpty ? "0" : digits.map { "\($0)" }.joined()
        return Decimal(string: (number.isSignMinus ? "-" : "") + text + "e\(-places)") ?? number
    }

    /// Returns the text of `number` with exactly `places` digits after the point.
    package static func fixed(_ number: Decimal, places: Int) -> String {
        let text = rounded(number, places: places).description
        guard places > 0 else { return text }
        let digits = text.firstIndex(of: ".").map { text.distance(from: $0, to: text.endIndex) - 1 }
        return text + (digits == nil ? "." : "") + String(repeating: "0", count: max(0, places - (digits ?? 0)))
    }

    /// Returns `number` as a column with these digits stores it, or nil if it has too many digits before the point.
    static func fitted(_ number: Decimal, maxDigits: Int, decimalPlaces: Int) -> Decimal? {
        let value = rounded(number, places: decimalPlaces)
        let whole = max(0, value.significand.description.count + value.exponent)
        return value == 0 || whole <= maxDigits - decimalPlaces ? value : nil
    }
}
