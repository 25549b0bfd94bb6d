/// An incremental UTF-8 validator (RFC 3629) for text that arrives in pieces of any size. It rejects surrogates,
/// overlong forms and scalars above U+10FFFF.
package struct UTF8Validator: Sendable {
    /// The number of continuation bytes that the current scalar still needs.
    private var missing: UInt8 = 0
    /// The lower bound of the next continuation byte. The bounds are narrower than 0x80...0xBF after some lead bytes.
    private var low: UInt8 = 0x80
    private var high: UInt8 = 0xBF

    package init() {}

    /// Whether the bytes so far end at the end of a scalar.
    package var isComplete: Bool { missing == 0 }

    /// Validates the next bytes. Returns false if the text cannot be valid UTF-8; do not use the validator after that.
    package mutating func accept(_ bytes: Span<UInt8>) -> Bool {
        var index = 0
        let count = bytes.count
        while index < count {
            if missing == 0 {
                index = skipASCII(bytes, from: index)
                if index == count { return true }
            }
            guard step(bytes[index]) else { return false }
            index &+= 1
        }
        return true
    }

    /// Whether `bytes` are a complete, valid UTF-8 text.
    package static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var validator = UTF8Validator()
        return validator.accept(bytes) && validator.isComplete
    }

    /// Returns the index of the first non-ASCII byte at or after `index`, or the number of bytes.
    @inline(__always)
    private func skipASCII(_ bytes: Span<UInt8>, from index: Int) -> Int {
        unsafe bytes.withUnsafeBytes { raw in
            var index = index
            // SAFETY: every load ends at or before `raw.count`.
            while index &+ 8 <= raw.count {
                let word = unsafe raw.loadUnaligned(fromByteOffset: index, as: UInt64.self)
                if word & 0x8080_8080_8080_8080 != 0 { break }
                index &+= 8
            }
            while index < raw.count, unsafe raw[index] < 0x80 { index &+= 1 }
            return index
        }
    }

    private mutating func step(_ byte: UInt8) -> Bool {
        if missing > 0 {
            guard byte >= low, byte <= high else { return false }
            missing &-= 1
            low = 0x80
            high = 0xBF
            return true
        }
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0:
            missing = 2
            low = 0xA0
        case 0xED:
            missing = 2
            high = 0x9F
        case 0xE1...0xEF: missing = 2
        case 0xF0:
            missing = 3
            low = 0x90
        case 0xF4:
            missing = 3
            high = 0x8F
        case 0xF1...0xF3: missing = 3
        default: return false
        }
        return true
    }
}
