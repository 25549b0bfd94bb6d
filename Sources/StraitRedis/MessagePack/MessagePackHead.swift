internal import StraitNetwork

/// What stands in front of a text, bytes, an array or a map of msgpack: its type and its length, in the shortest form.
///
/// Every length is below 2³², as every limit of ``MessageLimits`` is.
enum MessagePackHead {
    static func text(_ count: Int, to output: inout ByteBuffer) {
        if count < 32 { output.append(0xA0 | UInt8(count)) } else { append(count, 0xD9, 0xDA, 0xDB, to: &output) }
    }

    static func bytes(_ count: Int, to output: inout ByteBuffer) { append(count, 0xC4, 0xC5, 0xC6, to: &output) }

    static func array(_ count: Int, to output: inout ByteBuffer) {
        if count < 16 { output.append(0x90 | UInt8(count)) } else { append(count, nil, 0xDC, 0xDD, to: &output) }
    }

    static func map(_ count: Int, to output: inout ByteBuffer) {
        if count < 16 { output.append(0x80 | UInt8(count)) } else { append(count, nil, 0xDE, 0xDF, to: &output) }
    }

    /// How many bytes ``map(_:to:)`` appends.
    static func sizeOfMap(_ count: Int) -> Int { count < 16 ? 1 : count <= 0xFFFF ? 3 : 5 }

    /// The low `count` bytes of `word`, the highest first.
    static func append(_ word: UInt64, bytes count: Int, to output: inout ByteBuffer) {
        output.append(word.byteSwapped >> UInt64(64 - 8 * count), count: count)
    }

    /// A length behind the byte for its width; there is none of one byte for arrays and maps.
    private static func append(
        _ count: Int, _ one: UInt8?, _ two: UInt8, _ four: UInt8, to output: inout ByteBuffer
    ) {
        if let one, count <= 0xFF {
            output.append(one)
            output.append(UInt8(count))
        } else if count <= 0xFFFF {
            output.append(two)
            append(UInt64(count), bytes: 2, to: &output)
        } else {
            output.append(four)
            append(UInt64(count), bytes: 4, to: &output)
        }
    }
}
