import StraitNetwork

/// Reads replies and pushes (RESP2 and RESP3) from bytes in pieces of any size.
///
/// Holds what arrived, never what was merely announced. Attributes are read and dropped.
package struct ReplyReader: ~Copyable {
    private enum Stage {
        /// The next byte says the type of a value.
        case type
        /// In the line behind it: all of a simple value, or a length.
        case line
        /// In the bytes of a string whose length is known.
        case bulk
        /// In the CRLF behind those.
        case bulkEnd
        /// After an error: nothing is read any more.
        case ended
    }

    /// An aggregate of which values are still to come.
    private struct Aggregate {
        let type: ReplyType
        var missing: Int
        var elements: [RedisValue] = []
    }

    /// Bytes of a line that is no text.
    static let longestNumber = 64

    private let limits: ReplyLimits
    private var stage = Stage.type
    private var type = ReplyType.null
    /// Of the line or the string, what arrived.
    private var text = ByteBuffer()
    /// How many bytes of the string are still to come.
    private var missing = 0
    /// Whether the CR of a CRLF was read.
    private var isAfterReturn = false
    /// The aggregates that the next value lies in, the innermost last.
    private var open: [Aggregate] = []
    /// What the reply counts so far.
    private var size = 0

    package init(limits: ReplyLimits = ReplyLimits()) { self.limits = limits }

    /// Whether everything that arrived was part of whole replies and pushes.
    package var isBetweenReplies: Bool { stage == .type && size == 0 }

    /// The next reply or push in `input` at `position`, which moves behind what was read; nil once all of it was read.
    /// Call it until it returns nil, and then with the next piece from position 0.
    ///
    /// - Throws: Why the connection is of no more use. After that, all that arrives is skipped.
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

    /// Reads on; the value that this completed, if it did.
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
            // A part of a streamed string, and the end of a streamed aggregate.
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

    /// Whether the line is complete; it is in `text` then.
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
            // So short a line is charged for with its value.
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

    /// What the line in `text` says, where it says a whole value; else the stage is the one behind it.
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
            // Refused before any of it arrives.
            try charge(count)
            missing = count
            stage = count == 0 ? .bulkEnd : .bulk
            return nil
        case .array, .set, .map, .push, .attribute: return try beginAggregate()
        }
    }

    private var line: String { String(decoding: Bytes(text.span), as: UTF8.self) }

    /// The length or count in `text`, or nil for the `-1` that RESP2 has for null, in bulk strings and arrays only.
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
        // What the shortest value is charged: what cannot fit is refused before it arrives.
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

    /// Puts a value where it belongs; what is whole by that.
    private mutating func add(_ value: RedisValue) throws(RedisProtocolError) -> RedisArrival? {
        var value = value
        while let last = open.indices.last {
            open[last].elements.append(value)
            open[last].missing -= 1
            guard open[last].missing == 0 else { return nil }
            let whole = open.removeLast()
            // What an attribute describes is still to come.
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

    /// Empties `text`, without keeping the memory of a long one.
    private mutating func clear() { text.removeAll(keepingCapacity: text.capacity <= 4096) }
}
