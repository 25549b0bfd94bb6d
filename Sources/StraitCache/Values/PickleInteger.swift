internal import StraitCore

/// Integers as `pickle` stores them: little-endian, in two's complement, with as few bytes as possible.
enum PickleInteger {
    /// The maximum size of an integer that is read: 255 bytes, or up to 614 digits.
    static let maximumBytes = 255

    /// Reads an integer.
    static func value(of bytes: Bytes) -> CacheValue {
        guard bytes.count > 0 else { return .int(0) }
        let isNegative = bytes[bytes.count - 1] >= 0x80
        if bytes.count <= 8 {
            var word: UInt64 = isNegative ? .max : 0
            for index in (0..<bytes.count).reversed() { word = word << 8 | UInt64(bytes[index]) }
            return .int(Int(Int64(bitPattern: word)))
        }
        // The magnitude, in base 10^9, least significant digit first.
        var digits: [UInt64] = [0]
        for index in (0..<bytes.count).reversed() {
            var carry = UInt64(isNegative ? ~bytes[index] : bytes[index])
            add(&carry, to: &digits, times: 256)
        }
        if isNegative {
            var carry: UInt64 = 1
            add(&carry, to: &digits, times: 1)
        }
        var text = String(digits[digits.count - 1])
        for digit in digits.dropLast().reversed() {
            let part = String(digit)
            text += String(repeating: "0", count: 9 - part.utf8.count) + part
        }
        let signed = isNegative ? "-" + text : text
        return Int(signed).map { .int($0) } ?? .largeInt(signed)
    }

    private static func add(_ carry: inout UInt64, to digits: inout [UInt64], times factor: UInt64) {
        for index in digits.indices {
            let sum = digits[index] * factor + carry
            digits[index] = sum % 1_000_000_000
            carry = sum / 1_000_000_000
        }
        if carry > 0 { digits.append(carry) }
    }

    /// Returns the bytes of an integer in decimal digits, or nil if the text is not one or is too long.
    static func bytes(of text: String) -> [UInt8]? {
        let isNegative = text.utf8.first == 0x2D
        let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
        guard (1...613).contains(digits.count), digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        var bytes: [UInt8] = [0]
        for digit in digits {
            var carry = Int(digit - 0x30)
            for index in bytes.indices {
                let sum = Int(bytes[index]) * 10 + carry
                bytes[index] = UInt8(truncatingIfNeeded: sum)
                carry = sum >> 8
            }
            if carry > 0 { bytes.append(UInt8(truncatingIfNeeded: carry)) }
        }
        bytes.append(0)
        if isNegative {
            var carry = 1
            for index in bytes.indices {
                let sum = Int(~bytes[index]) + carry
                bytes[index] = UInt8(truncatingIfNeeded: sum)
                carry = sum >> 8
            }
        }
        // Remove the bytes that only repeat the sign.
        while bytes.count > 1, let last = bytes.last, last == (isNegative ? 0xFF : 0),
            (bytes[bytes.count - 2] >= 0x80) == isNegative
        {
            bytes.removeLast()
        }
        return bytes
    }
}
