package import StraitCore
package import StraitLayers

/// A msgpack encoder whose output equals that of Python's `packb` with its defaults, which channels_redis uses.
///
/// Numbers and lengths have their shortest form, and fractions 64 bits. Text is written as `str`, and bytes as `bin`.
package struct MessagePackEncoder: ~Copyable {
    private let limits: MessageLimits
    private var output: ByteBuffer
    /// The number of values still allowed.
    private var left: Int

    private init(limits: MessageLimits) {
        self.limits = limits
        left = limits.values
        output = ByteBuffer(capacity: 256)
    }

    /// Returns `message` as msgpack.
    ///
    /// - Throws: ``MessagePackError`` for a message over `limits`, which receivers would reject.
    package static func encode(
        _ message: LayerMessage, limits: MessageLimits = MessageLimits()
    ) throws(MessagePackError) -> Bytes {
        try encode(.object(message), limits: limits)
    }

    /// Returns `value` as msgpack.
    ///
    /// - Throws: As ``encode(_:limits:)``.
    package static func encode(
        _ value: LayerValue, limits: MessageLimits = MessageLimits()
    ) throws(MessagePackError) -> Bytes {
        var encoder = MessagePackEncoder(limits: limits)
        try encoder.write(value, depth: 0)
        return encoder.output.freeze()
    }

    private mutating func write(_ value: LayerValue, depth: Int) throws(MessagePackError) {
        switch value {
        case .null: output.append(0xC0)
        case .bool(let value): output.append(value ? 0xC3 : 0xC2)
        case .int(let value):
            if value < 0 { writeNegative(value) } else { write(UInt64(value)) }
        case .unsigned(let value): write(value)
        case .double(let value):
            output.append(0xCB)
            write(value.bitPattern, bytes: 8)
        case .string(let text): try write(text)
        case .bytes(let bytes):
            try make(room: bytes.count)
            MessagePackHead.bytes(bytes.count, to: &output)
            output.append(bytes)
        case .array(let elements):
            try enter(elements.count, depth: depth)
            MessagePackHead.array(elements.count, to: &output)
            for element in elements { try write(element, depth: depth + 1) }
        case .object(let object):
            try enter(object.count, depth: depth)
            MessagePackHead.map(object.count, to: &output)
            for (key, value) in object.elements {
                try write(key)
                try write(value, depth: depth + 1)
            }
        }
        try make(room: 0)
    }

    private func make(room count: Int) throws(MessagePackError) {
        guard count <= limits.bytes - output.count else { throw .tooLarge(limit: limits.bytes) }
    }

    private mutating func enter(_ count: Int, depth: Int) throws(MessagePackError) {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth) }
        guard count <= left else { throw .tooMany(limit: limits.values) }
        left -= count
    }

    private mutating func write(_ text: String) throws(MessagePackError) {
        let count = text.utf8.count
        try make(room: count)
        MessagePackHead.text(count, to: &output)
        output.append(text)
    }

    private mutating func write(_ number: UInt64) {
        switch number {
        case ..<0x80: output.append(UInt8(number))
        case ...0xFF:
            output.append(0xCC)
            output.append(UInt8(number))
        case ...0xFFFF:
            output.append(0xCD)
            write(number, bytes: 2)
        case ...0xFFFF_FFFF:
            output.append(0xCE)
            write(number, bytes: 4)
        default:
            output.append(0xCF)
            write(number, bytes: 8)
        }
    }

    private mutating func writeNegative(_ number: Int) {
        let bits = UInt64(bitPattern: Int64(number))
        switch number {
        case (-32)...: output.append(UInt8(truncatingIfNeeded: bits))
        case Int(Int8.min)...:
            output.append(0xD0)
            output.append(UInt8(truncatingIfNeeded: bits))
        case Int(Int16.min)...:
            output.append(0xD1)
            write(bits, bytes: 2)
        case Int(Int32.min)...:
            output.append(0xD2)
            write(bits, bytes: 4)
        default:
            output.append(0xD3)
            write(bits, bytes: 8)
        }
    }

    /// Writes the low `count` bytes of `word`, big-endian.
    private mutating func write(_ word: UInt64, bytes count: Int) {
        MessagePackHead.append(word, bytes: count, to: &output)
    }
}
