/// A decimal number of any length, as Python's `Decimal`: what `floatformat` rounds.
struct DecimalNumber {
    /// Whether it is below zero, or minus zero.
    var isNegative: Bool
    /// From 0 to 9, the first not 0 unless it is the only one.
    var digits: [UInt8]
    /// The power of ten of the last digit.
    var exponent: Int

    /// Reads what `Decimal` reads, but neither infinity nor NaN.
    init?(_ text: String) {
        let clean = PythonNumber.asciiDigits(PythonText.stripped(text)).replacing("_", with: "")
        var bytes = Array(clean.utf8)[...]
        isNegative = bytes.first == 0x2D
        if bytes.first == 0x2D || bytes.first == 0x2B { bytes = bytes.dropFirst() }
        digits = []
        exponent = 0
        var hasPoint = false
        var hasDigit = false
        while let byte = bytes.first {
            if PythonNumber.isDigit(byte) {
                digits.append(byte - 0x30)
                hasDigit = true
                if hasPoint { exponent -= 1 }
            } else if byte == 0x2E, !hasPoint {
                hasPoint = true
            } else {
                break
            }
            bytes = bytes.dropFirst()
        }
        guard hasDigit else { return nil }
        if bytes.first == 0x65 || bytes.first == 0x45 {
            bytes = bytes.dropFirst()
            guard let power = Int(String(decoding: bytes, as: UTF8.self)), abs(power) < 1 << 40 else { return nil }
            exponent += power
            bytes = []
        }
        guard bytes.isEmpty else { return nil }
        let zeros = digits.prefix { $0 == 0 }.count
        digits.removeFirst(min(zeros, digits.count - 1))
    }

    /// Whether it is zero.
    var isZero: Bool { digits == [0] }

    /// Whether nothing but zeros is behind the point.
    var isWhole: Bool { exponent >= 0 || digits.suffix(-exponent).allSatisfy { $0 == 0 } }

    /// The digits in front of the point.
    var wholeDigits: [UInt8] {
        if exponent >= 0 { return isZero ? [0] : digits + Array(repeating: 0, count: exponent) }
        let kept = digits.dropLast(-exponent)
        return kept.isEmpty ? [0] : Array(kept)
    }

    /// Rounds to `places` behind the point, halves away from zero, and pads to as many.
    func rounded(to places: Int) -> DecimalNumber {
        var result = self
        if exponent >= -places {
            result.digits = isZero ? [0] : digits + Array(repeating: 0, count: exponent + places)
            result.exponent = -places
            return result
        }
        let dropped = -places - exponent
        let roundsUp: Bool
        if dropped > digits.count {
            result.digits = [0]
            roundsUp = false
        } else {
            let kept = digits.count - dropped
            roundsUp = digits[kept] >= 5
            result.digits = Array(digits[..<kept])
        }
        result.exponent = -places
        if roundsUp {
            var index = result.digits.count - 1
            while index >= 0, result.digits[index] == 9 {
                result.digits[index] = 0
                index -= 1
            }
            if index >= 0 { result.digits[index] += 1 } else { result.digits.insert(1, at: 0) }
        }
        if result.digits.isEmpty { result.digits = [0] }
        return result
    }

    /// Without an exponent, with all of its digits.
    var fixed: String {
        var text = digits.map { String($0) }.joined()
        if exponent > 0, !isZero { text += String(repeating: "0", count: exponent) }
        if exponent < 0 {
            if text.utf8.count <= -exponent {
                text = String(repeating: "0", count: -exponent - text.utf8.count + 1) + text
            }
            let point = text.utf8.index(text.endIndex, offsetBy: exponent)
            text = text[..<point] + "." + text[point...]
        }
        return (isNegative ? "-" : "") + text
    }

    /// With one digit in front of the point and an exponent.
    var scientific: String {
        let power = exponent + digits.count - 1
        var text = String(digits[0])
        if digits.count > 1 { text += "." + digits.dropFirst().map { String($0) }.joined() }
        return (isNegative ? "-" : "") + text + "e" + (power < 0 ? "-" : "+") + String(abs(power))
    }
}
