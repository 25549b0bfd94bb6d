package import StraitCore

/// An encoder for Python's `pickle`, protocol 5, which Django's `RedisCache` uses. For values of up to 64 KiB
/// without repetitions, the bytes are the same as Python's.
package enum PickleEncoder {
    /// The maximum nesting depth. The decoder has the same limit, so it reads every result.
    static let maximumDepth = 100

    /// Returns the pickle of a value.
    ///
    /// - Throws: ``CacheValueError`` for a value with more than 100 levels, or an integer with more than 613 digits.
    package static func bytes(of value: CacheValue) throws(CacheValueError) -> Bytes {
        var body = ByteBuffer(capacity: 256)
        try append(value, to: &body, depth: 0)
        body.append(UInt8(ascii: "."))
        let content = body.freeze()
        var output = ByteBuffer(capacity: content.count + 16)
        output.append(UInt8(0x80))
        output.append(UInt8(5))
        // Python writes no frame of fewer than four bytes.
        if content.count >= 4 {
            output.append(UInt8(0x95))
            append(UInt64(content.count), bytes: 8, to: &output)
        }
        output.append(content)
        return output.freeze()
    }

    private static func append(
        _ value: CacheValue, to output: inout ByteBuffer, depth: Int
    ) throws(CacheValueError) {
        guard depth <= maximumDepth else {
            throw CacheValueError(
                "A value for the cache is nested more than \(maximumDepth) levels deep. Store one with fewer levels.")
        }
        switch value {
        case .null: output.append(UInt8(ascii: "N"))
        case .bool(let truth): output.append(UInt8(truth ? 0x88 : 0x89))
        case .int(let number): try append(number, to: &output)
        case .largeInt(let digits): try append(digits: digits, to: &output)
        case .double(let number):
            output.append(UInt8(ascii: "G"))
            append(number.bitPattern.byteSwapped, bytes: 8, to: &output)
        case .string(let text):
            append(length: text.utf8.count, short: 0x8C, medium: 0x58, long: 0x8D, to: &output)
            output.append(text)
            output.append(memoize)
        case .bytes(let bytes):
            append(length: bytes.count, short: 0x43, medium: 0x42, long: 0x8E, to: &output)
            output.append(bytes)
            output.append(memoize)
        case .list(let elements):
            output.append(UInt8(ascii: "]"))
            output.append(memoize)
            for batch in batches(elements) {
                if batch.count > 1 { output.append(UInt8(ascii: "(")) }
                for element in batch { try append(element, to: &output, depth: depth + 1) }
                output.append(UInt8(ascii: batch.count > 1 ? "e" : "a"))
            }
        case .tuple(let elements): try append(tuple: elements, to: &output, depth: depth)
        case .dictionary(let pairs):
            output.append(UInt8(ascii: "}"))
            output.append(memoize)
            for batch in batches(pairs) {
                if batch.count > 1 { output.append(UInt8(ascii: "(")) }
                for pair in batch {
                    try append(pair.key, to: &output, depth: depth + 1)
                    try append(pair.value, to: &output, depth: depth + 1)
                }
                output.append(UInt8(ascii: batch.count > 1 ? "u" : "s"))
            }
        }
    }

    private static let memoize: UInt8 = 0x94

    /// Returns batches of up to 1,000 elements, as Python writes them.
    private static func batches<Element>(_ elements: [Element]) -> [ArraySlice<Element>] {
        stride(from: 0, to: elements.count, by: 1000).map { elements[$0..<min($0 + 1000, elements.count)] }
    }

    private static func append(
        tuple elements: [CacheValue], to output: inout ByteBuffer, depth: Int
    ) throws(CacheValueError) {
        if elements.isEmpty { return output.append(UInt8(ascii: ")")) }
        if elements.count > 3 { output.append(UInt8(ascii: "(")) }
        for element in elements { try append(element, to: &output, depth: depth + 1) }
        output.append(elements.count > 3 ? UInt8(ascii: "t") : UInt8(0x84 + elements.count))
        output.append(memoize)
    }

    private static func append(_ number: Int, to output: inout ByteBuffer) throws(CacheValueError) {
        switch number {
        case 0...0xFF:
            output.append(UInt8(ascii: "K"))
            append(UInt64(number), bytes: 1, to: &output)
        case 0...0xFFFF:
            output.append(UInt8(ascii: "M"))
            append(UInt64(number), bytes: 2, to: &output)
        case Int(Int32.min)...Int(Int32.max):
            output.append(UInt8(ascii: "J"))
            append(UInt64(truncatingIfNeeded: number), bytes: 4, to: &output)
        default: try append(digits: String(number), to: &output)
        }
    }

    private static func append(digits: String, to output: inout ByteBuffer) throws(CacheValueError) {
        guard let bytes = PickleInteger.bytes(of: digits) else {
            throw CacheValueError("An integer for the cache is too long. Store one with at most 613 digits.")
        }
        output.append(UInt8(0x8A))
        output.append(UInt8(bytes.count))
        for byte in bytes { output.append(byte) }
    }

    private static func append(
        length: Int, short: UInt8, medium: UInt8, long: UInt8, to output: inout ByteBuffer
    ) {
        switch length {
        case 0...0xFF:
            output.append(short)
            append(UInt64(length), bytes: 1, to: &output)
        case 0...Int(UInt32.max):
            output.append(medium)
            append(UInt64(length), bytes: 4, to: &output)
        default:
            output.append(long)
            append(UInt64(length), bytes: 8, to: &output)
        }
    }

    private static func append(_ number: UInt64, bytes count: Int, to output: inout ByteBuffer) {
        for index in 0..<count { output.append(UInt8(truncatingIfNeeded: number >> (8 * UInt64(index)))) }
    }
}
