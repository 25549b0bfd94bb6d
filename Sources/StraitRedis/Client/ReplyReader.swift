import StraitCore

/// An incremental parser for replies and pushes (RESP2 and RESP3).
///
/// It accepts pieces of any size. It allocates memory only for received bytes, never for an announced length.
/// Attributes are read and dropped.
package struct ReplyReader: ~Copyable {
    private enum Stage {
        /// Expects the type byte of a value.
        case type
        /// In the line after the type: a whole simple value, or a length.
        case line
        /// In the bytes of a string with a known length.
        case bulk
        /// In the CRLF after the string.
        case bulkEnd
        /// After an error. All input is skipped.
        case ended
    }

    /// An aggregate with missing values.
    private struct Aggregate {
        let type: ReplyType
        var missing: Int
        var elements: [RedisValue] = []
    }

    /// The maximum length of a line that is not text, in bytes.
    static let longestNumber = 64

    private let limits: ReplyLimits
    private var stage = Stage.type
    private var type = ReplyType.null
    /// The received part of the line or string.
    private var text = ByteBuffer()
    /// The number of missing bytes of the string.
    private var missing = 0
    /// Whether the CR of a CRLF has been read.
    private var isAfterReturn = false
    /// The aggregates that contain the next value, innermost last.
    private var open: [Aggregate] = []
    /// The size of the current reply, as ``ReplyLimits/bytes`` counts it.
    private var size = 0

    package init(limits: ReplyLimits = ReplyLimits()) { self.limits = limits }

    /// Whether all input so far consists of complete replies and pushes.
    package var isBetweenReplies: Bool { stage == .type && size == 0 }

    /// Returns the next reply or push in `input` from `position`, and advances `position`. Returns nil when all input
    /// has been read.
    ///
    /// Call this until it returns nil, then with the next piece of input and position 0.
    ///
    /// - Throws: ``RedisProtocolError`` if the input is invalid or over a limit. All later input is skipped.
    package mutating func next(
        _ input: Span<UInt8>, _ position: inout Int
    ) throws(RedisProtocolError) -> RedisArrival? {
        do throws(RedisProtocolError) {
            while position < input.count {
                if let value = try step(input, &position), let arrival = try add(value) { return arrival }
            }
            return nil
        } catch {
            stage = .ended
            open = []
            text.removeAll(keepingCapacity: false)
            position = input.count
            throw error
        }
    }

    /// Reads the next part of the input. Returns a value if this completed one.
    private mutating func step(
        _ input: Span<UInt8>, _ position: inout Int
    ) throws(RedisProtocolError) -> RedisValue? {
        switch stage {
        case .type:
            try begin(input[position])
            position += 1
            return nil
        case .line:
            guard try readLine(input, &position) else { return nil }
            let value = try finishLine()
            clear()
            return value
        case .bulk:
            let count = min(missing, input.count - position)
            text.append(input.extracting(position..<position + count))
            position += count
            missing -= count
            if missing == 0 { stage = .bulkEnd }
            return nil
        case .bulkEnd:
            let byte = input[position]
            position += 1
            guard byte == (isAfterReturn ? 0x0A : 0x0D) else { throw .unterminatedBulk }
            isAfterReturn.toggle()
            return isAfterReturn ? nil : try finishBulk()
        case .ended:
            position = input.count
            return nil
        }
    }

    private mutating func begin(_ byte: UInt8) throws(RedisProtocolError) {
        guard let type = ReplyType(rawValue: byte) else {
            // A part of a streamed string, or the end of a streamed aggregate.
            if byte == UInt8(ascii: ";") || byte == UInt8(ascii: ".") { throw .streamed }
            throw .unknownType(byte)
        }
        if type == .push, !open.isEmpty { throw .nestedPush }
        try charge(1 + ReplyLimits.costOfValue)
        self.type = type
        stage = .line
    }

    private mutating func charge(_ count: Int) throws(RedisProtocolError) {
        guard count <= limits.bytes - size else { throw .tooLarge(limit: limits.bytes) }
        size += count
    }

    /// Reads a line into `text`. Returns whether the line is complete.
    private mutating func readLine(_ input: Span<UInt8>, _ position: inout Int) throws(RedisProtocolError) -> Bool {
        if isAfterReturn {
            guard input[position] == 0x0A else { throw .brokenLine }
            position += 1
            isAfterReturn = false
            return true
        }
        var end = position
        while end < input.count, input[end] != 0x0D, input[end] != 0x0A { end += 1 }
        if type.isText {
            try charge(end - position)
        } else if text.count + end - position > Self.longestNumber {
            // The size of such a short line is counted with its value.
            throw .longNumber
        }
        text.append(input.extracting(position..<end))
        position = end
        guard end < input.count else { return false }
        guard input[end] == 0x0D else { throw .brokenLine }
        position += 1
        isAfterReturn = true
        return false
    }

    /// Returns the value of the line in `text`. Returns nil if more input follows for it, and sets the next stage.
    private mutating func finishLine() throws(RedisProtocolError) -> RedisValue? {
        stage = .type
        switch type {
        case .simpleString: return .simple(line)
        case .simpleError: return .error(RedisServerError(line))
        case .integer:
            guard let value = ReplyNumber.integer(text.span) else { throw .malformed("an integer", line) }
            return .integer(value)
        case .double:
            guard let value = ReplyNumber.double(text.span) else { throw .malformed("a double", line) }
            return .double(value)
        case .bigNumber:
            guard ReplyNumber.isInteger(text.span) else { throw .malformed("a big number", String(line.prefix(64))) }
            return .bigNumber(line.hasPrefix("+") ? String(line.dropFirst()) : line)
        case .boolean:
            switch line {
            case "t": return .boolean(true)
            case "f": return .boolean(false)
            default: throw .malformed("a boolean", line)
            }
        case .null:
            guard text.isEmpty else { throw .malformed("a null", line) }
            return .null
        case .bulkString, .bulkError, .verbatimString:
            guard let count = try length() else { return .null }
            // Checked before any of the string arrives.
            try charge(count)
            missing = count
            stage = count == 0 ? .bulkEnd : .bulk
            return nil
        case .array, .set, .map, .push, .attribute: return try beginAggregate()
        }
    }

    private var line: String { String(decoding: Bytes(text.span), as: UTF8.self) }

    /// The length or count in `text`. Nil for -1, the null of RESP2, which is valid for bulk strings and arrays only.
    private func length() throws(RedisProtocolError) -> Int? {
        if !text.isEmpty, text.span[0] == UInt8(ascii: "?") { throw .streamed }
        guard let count = ReplyNumber.integer(text.span), count >= -1 else { throw .malformed("a length", line) }
        guard count < 0 else { return count }
        guard type == .bulkString || type == .array else { throw .malformed("a length", line) }
        return nil
    }

    private mutating func beginAggregate() throws(RedisProtocolError) -> RedisValue? {
        guard let entries = try length() else { return .null }
        guard let perEntry = type.valuesPerEntry else { preconditionFailure("Only aggregates count values.") }
        guard open.count < limits.depth else { throw .tooDeep(limit: limits.depth) }
        // The count is checked against the size of the shortest possible values, before any of them arrives.
        let least = (1 + ReplyLimits.costOfValue) * perEntry
        guard entries <= (limits.bytes - size) / least else { throw .tooLarge(limit: limits.bytes) }
        if entries == 0 {
            if type == .push { throw .emptyPush }
            return type == .attribute ? nil : Self.value(type, [])
        }
        open.append(Aggregate(type: type, missing: entries * perEntry))
        return nil
    }

    private mutating func finishBulk() throws(RedisProtocolError) -> RedisValue {
        stage = .type
        let bytes = text.take()
        switch type {
        case .bulkError: return .error(RedisServerError(String(decoding: bytes, as: UTF8.self)))
        case .verbatimString:
            guard bytes.count >= 4, bytes[3] == UInt8(ascii: ":") else { throw .verbatimFormat }
            let format = String(decoding: bytes.slice(0..<3), as: UTF8.self)
            return .verbatim(format: format, bytes.slice(4..<bytes.count))
        default: return .bulk(bytes)
        }
    }

    /// Adds a value to its aggregate. Returns the reply or push if this completed one.
    private mutating func add(_ value: RedisValue) throws(RedisProtocolError) -> RedisArrival? {
        var value = value
        while let last = open.indices.last {
            open[last].elements.append(value)
            open[last].missing -= 1
            guard open[last].missing == 0 else { return nil }
            let whole = open.removeLast()
            // The value that the attribute describes follows.
            if whole.type == .attribute { return nil }
            if whole.type == .push {
                size = 0
                return .push(whole.elements)
            }
            value = Self.value(whole.type, whole.elements)
        }
        size = 0
        return .reply(value)
    }

    private static func value(_ type: ReplyType, _ elements: [RedisValue]) -> RedisValue {
        switch type {
        case .set: .set(elements)
        case .map:
            .map(
                stride(from: 0, to: elements.count, by: 2).map { RedisValue.Pair(elements[$0], elements[$0 + 1]) })
        default: .array(elements)
        }
    }

    /// Empties `text`, and releases its memory if it was long.
    private mutating func clear() { text.removeAll(keepingCapacity: text.capacity <= 4096) }
}

/// Limits of one reply, so that a faulty server cannot exhaust the memory.
package struct ReplyLimits: Sendable {
    /// The maximum size of a reply: the bytes of its texts plus ``costOfValue`` for each value. 64 MiB.
    package var bytes = 64 << 20
    /// The maximum nesting of aggregates: 32.
    package var depth = 32

    package init() {}

    /// The number of bytes that each value counts in addition to its text, which is about its size in memory.
    /// Otherwise, a million nulls would count as only three megabytes.
    package static let costOfValue = 64
}

/// The type byte at the beginning of a RESP value.
enum ReplyType: UInt8 {
    case simpleString = 0x2B  // +
    case simpleError = 0x2D  // -
    case integer = 0x3A  // :
    case bulkString = 0x24  // $
    case array = 0x2A  // *
    case null = 0x5F  // _
    case boolean = 0x23  // #
    case double = 0x2C  // ,
    case bigNumber = 0x28  // (
    case bulkError = 0x21  // !
    case verbatimString = 0x3D  // =
    case map = 0x25  // %
    case set = 0x7E  // ~
    case push = 0x3E  // >
    case attribute = 0x7C  // |

    /// Whether the line is text, which may be long. Other lines are a number, a length or a letter.
    var isText: Bool { self == .simpleString || self == .simpleError || self == .bigNumber }

    /// The number of values per counted entry: two for maps and attributes. Nil for types without a count.
    var valuesPerEntry: Int? {
        switch self {
        case .array, .set, .push: 1
        case .map, .attribute: 2
        default: nil
        }
    }
}

/// An error in the bytes from the server. The connection cannot be used any more, because the start of the next reply
/// is unknown.
package struct RedisProtocolError: Error, Hashable, Sendable, CustomStringConvertible {
    package let description: String

    private init(_ description: String) { self.description = description }

    private static func noReply(_ what: String) -> RedisProtocolError {
        RedisProtocolError(
            "Invalid reply from Redis: \(what). Check that a Redis server listens at the address, and that it uses TLS "
                + "only if the address begins with rediss://.")
    }

    static func unknownType(_ byte: UInt8) -> RedisProtocolError {
        noReply("no type of RESP begins with the byte 0x\(String(byte, radix: 16))")
    }

    static func malformed(_ what: StaticString, _ text: String) -> RedisProtocolError {
        noReply("\(what) cannot be \(text.debugDescription)")
    }

    static let brokenLine = noReply("a line ends with one of CR and LF instead of both")
    static let unterminatedBulk = noReply("a string is longer than its length says")
    static let longNumber = noReply("a number or a length has over \(ReplyReader.longestNumber) bytes")
    static let verbatimFormat = noReply("a verbatim string does not begin with three bytes of format and a colon")
    static let emptyPush = noReply("a push has no kind")
    static let nestedPush = noReply("a push is inside another value")
    static let streamed = RedisProtocolError(
        "Redis sent a streamed string or aggregate (RESP3). No Redis command replies with one, and Strait does not "
            + "support them. Check for a proxy between Strait and Redis.")

    static func tooLarge(limit: Int) -> RedisProtocolError {
        RedisProtocolError(
            "A reply from Redis is over the limit of \(limit) bytes. Request less at once, or raise the reply limit.")
    }

    static func tooDeep(limit: Int) -> RedisProtocolError {
        RedisProtocolError(
            "A reply from Redis is nested more than \(limit) levels deep. Raise the depth limit if a script "
                + "returns such tables.")
    }
}
