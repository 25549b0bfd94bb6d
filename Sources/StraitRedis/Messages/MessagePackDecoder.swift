package import StraitCore
package import StraitLayers

/// A msgpack decoder with the defaults of Python's `unpackb`, which channels_redis uses. Unlike there, keys must be
/// text.
///
/// Decoded bytes (`bin`) share the memory of the input. No memory is allocated for announced lengths.
package struct MessagePackDecoder: ~Copyable {
    private let input: Bytes
    private let limits: MessageLimits
    private var position = 0
    /// The number of values still allowed.
    private var left: Int

    private init(_ input: Bytes, limits: MessageLimits) {
        self.input = input
        self.limits = limits
        left = limits.values
    }

    /// Returns the message that `input` encodes.
    ///
    /// - Throws: ``MessagePackError`` if `input` is not exactly one map, exceeds `limits`, or has a value that a
    ///   message cannot hold.
    package static func message(
        from input: Bytes, limits: MessageLimits = MessageLimits()
    ) throws(MessagePackError) -> LayerMessage {
        guard case .object(let message) = try value(from: input, limits: limits) else { throw .notMap }
        return message
    }

    /// Returns the value that `input` encodes.
    ///
    /// - Throws: As ``message(from:limits:)``, but any value is valid.
    package static func value(
        from input: Bytes, limits: MessageLimits = MessageLimits()
    ) throws(MessagePackError) -> LayerValue {
        guard input.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var decoder = MessagePackDecoder(input, limits: limits)
        let value = try decoder.read(depth: 0)
        let rest = input.count - decoder.position
        guard rest == 0 else { throw .trailing(rest) }
        return value
    }

    private mutating func read(depth: Int) throws(MessagePackError) -> LayerValue {
        let type = try byte()
        switch type {
        case 0x00...0x7F: return .int(Int(type))
        case 0xE0...0xFF: return .int(Int(Int8(bitPattern: type)))
        case 0xC0: return .null
        case 0xC1: throw .unused
        case 0xC2: return .bool(false)
        case 0xC3: return .bool(true)
        case 0xC4, 0xC5, 0xC6: return .bytes(try bytes(try length(type - 0xC4)))
        case 0xC7, 0xC8, 0xC9:
            _ = try length(type - 0xC7)
            throw try extended()
        case 0xD4...0xD8: throw try extended()
        case 0xCA: return .double(Double(Float(bitPattern: UInt32(try word(4)))))
        case 0xCB: return .double(Double(bitPattern: try word(8)))
        case 0xCC, 0xCD, 0xCE, 0xCF:
            let number = try word(1 << Int(type - 0xCC))
            return Int(exactly: number).map(LayerValue.int) ?? .unsigned(number)
        case 0xD0: return .int(Int(Int8(truncatingIfNeeded: try word(1))))
        case 0xD1: return .int(Int(Int16(truncatingIfNeeded: try word(2))))
        case 0xD2: return .int(Int(Int32(truncatingIfNeeded: try word(4))))
        case 0xD3: return .int(Int(Int64(bitPattern: try word(8))))
        case 0xA0...0xBF, 0xD9, 0xDA, 0xDB: return .string(try text(type))
        case 0x90...0x9F: return try array(Int(type & 0x0F), depth: depth)
        case 0xDC, 0xDD: return try array(try length(type - 0xDC + 1), depth: depth)
        case 0xDE, 0xDF: return try object(try length(type - 0xDE + 1), depth: depth)
        default: return try object(Int(type & 0x0F), depth: depth)  // 0x80 to 0x8F
        }
    }

    private mutating func array(_ count: Int, depth: Int) throws(MessagePackError) -> LayerValue {
        try enter(count, bytesEach: 1, depth: depth)
        var elements: [LayerValue] = []
        for _ in 0..<count { elements.append(try read(depth: depth + 1)) }
        return .array(elements)
    }

    private mutating func object(_ count: Int, depth: Int) throws(MessagePackError) -> LayerValue {
        try enter(count, bytesEach: 2, depth: depth)
        var elements: [(String, LayerValue)] = []
        for _ in 0..<count {
            let key = try key()
            elements.append((key, try read(depth: depth + 1)))
        }
        return .object(LayerMessage(many: elements))
    }

    /// Checks that an aggregate of `count` entries is allowed and can fit in the remaining input.
    private mutating func enter(_ count: Int, bytesEach: Int, depth: Int) throws(MessagePackError) {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        guard count <= left else { throw .tooMany(limit: limits.values) }
        guard count * bytesEach <= input.count - position else { throw .truncated }
        left -= count
    }

    private mutating func key() throws(MessagePackError) -> String {
        let type = try byte()
        switch type {
        case 0xA0...0xBF, 0xD9, 0xDA, 0xDB: return try text(type)
        case 0x00...0x7F, 0xE0...0xFF, 0xCC...0xD3: throw .key("a whole number")
        case 0xCA, 0xCB: throw .key("a fraction")
        case 0xC4, 0xC5, 0xC6: throw .key("bytes")
        case 0xC0: throw .key("None")
        case 0xC2, 0xC3: throw .key("a Boolean")
        case 0xC1: throw .unused
        case 0xC7...0xC9, 0xD4...0xD8: throw .key("an extension")
        case 0x90...0x9F, 0xDC, 0xDD: throw .key("an array")
        default: throw .key("a map")
        }
    }

    private mutating func text(_ type: UInt8) throws(MessagePackError) -> String {
        let count = type < 0xC0 ? Int(type & 0x1F) : try length(type - 0xD9)
        let bytes = try bytes(count)
        guard let text = String(utf8: bytes) else { throw .invalidText }
        guard StreamSafeText.isStreamSafe(bytes.span) else { throw .combiningMarks }
        return text
    }

    /// Returns the error for an extension, whose type is the next byte. -1 is msgpack's timestamp.
    private mutating func extended() throws(MessagePackError) -> MessagePackError {
        let type = Int8(bitPattern: try byte())
        return type == -1 ? .timestamp : .extended(type)
    }

    private mutating func byte() throws(MessagePackError) -> UInt8 {
        guard position < input.count else { throw .truncated }
        defer { position += 1 }
        return input[position]
    }

    /// Reads a length of one, two or four bytes, for a `width` of 0, 1 and 2.
    private mutating func length(_ width: UInt8) throws(MessagePackError) -> Int {
        Int(try word(1 << Int(width)))
    }

    /// Reads a big-endian number of `count` bytes, at most 8.
    private mutating func word(_ count: Int) throws(MessagePackError) -> UInt64 {
        guard count <= input.count - position else { throw .truncated }
        var word: UInt64 = 0
        for index in position..<position + count { word = word << 8 | UInt64(input[index]) }
        position += count
        return word
    }

    private mutating func bytes(_ count: Int) throws(MessagePackError) -> Bytes {
        guard count <= input.count - position else { throw .truncated }
        defer { position += count }
        return input.slice(position..<position + count)
    }
}

/// The reason that a value cannot be written as msgpack, or that bytes are not valid msgpack.
package struct MessagePackError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    static let truncated = MessagePackError(
        "The msgpack ends within a value. Check that both sides have the same serializer, the same prefix length and "
            + "the same keys for encryption.")

    static func trailing(_ count: Int) -> MessagePackError {
        MessagePackError(
            "\(count) bytes follow the msgpack of a value. Check that both sides have the same serializer, the same "
                + "prefix length and the same keys for encryption.")
    }

    static let notMap = MessagePackError(
        "The msgpack is not a map. Send a dictionary; if the other side does, check that both have the same "
            + "serializer, the same prefix length and the same keys for encryption.")

    static let unused = MessagePackError(
        "The byte 0xc1 does not begin a msgpack value. Write messages with a msgpack library.")
    static let invalidText = MessagePackError("A string in the msgpack is not UTF-8. Send other bytes as bytes (bin).")

    static let combiningMarks = MessagePackError(
        """
        A string in the msgpack has more than 30 combining marks in a row (Unicode UAX #15). Send such text as bytes \
        (bin).
        """
    )

    static func key(_ found: StaticString) -> MessagePackError {
        MessagePackError("A key of a map in the msgpack is \(found). Make every key a string.")
    }

    static let timestamp = MessagePackError(
        "The msgpack has a timestamp, which a message cannot hold. Send seconds as a number, or text.")

    static func extended(_ type: Int8) -> MessagePackError {
        MessagePackError(
            "The msgpack has a value of the extension type \(type), which a message cannot hold. Send its parts, or "
                + "bytes."
        )
    }

    static func tooLarge(limit: Int) -> MessagePackError {
        MessagePackError("The message is over the limit of \(limit) bytes as msgpack. Send less at once.")
    }

    static func tooDeep(limit: Int) -> MessagePackError {
        MessagePackError("The message is nested more than \(limit) levels deep. Flatten it.")
    }

    static func tooMany(limit: Int) -> MessagePackError {
        MessagePackError("The message has over \(limit) values in it. Send less at once, or send bytes.")
    }
}

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
