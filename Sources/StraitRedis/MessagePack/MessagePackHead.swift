internal import StraitNetwork

/// The msgpack header of a text, bytes, an array or a map: its type and length in the shortest form.
///
/// All lengths are below 2³², as are the limits of ``MessageLimits``.
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

    /// Returns the number of bytes that ``map(_:to:)`` appends.
    static func sizeOfMap(_ count: Int) -> Int { count < 16 ? 1 : count <= 0xFFFF ? 3 : 5 }

    /// Appends the low `count` bytes of `word`, big-endian.
    static func append(_ word: UInt64, bytes count: Int, to output: inout ByteBuffer) {
        output.append(word.byteSwapped >> UInt64(64 - 8 * count), count: count)
    }

    /// Appends a type byte and a length. `one` is nil for arrays and maps, which have no one-byte length.
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
