package import StraitLayers
package import StraitNetwork

/// Reads values from JSON (RFC 8259) in UTF-8, and all that Python's `json.dumps` writes, which has `NaN` and
/// `Infinity` besides.
///
/// Keys keep their order; of one that comes twice the last value counts, in the first place, as in Python. A number
/// without fraction and exponent is a whole one where 64 bits hold it. Half of a surrogate pair, which Python writes
/// and no UTF-8 can hold, becomes U+FFFD, as browsers send it over a WebSocket: whoever sent it was not told, and one
/// bad character that a visitor typed shall not cost all of a group the message.
package struct JSONReader: ~Copyable {
    /// Bytes of a number, which may be long only where a machine writes it. Python's own limit.
    static let longestNumber = 4300

    private let input: Bytes
    private let limits: MessageLimits
    private var position = 0
    /// How many values may still come.
    private var left: Int

    private init(_ input: Bytes, limits: MessageLimits) {
        self.input = input
        self.limits = limits
        left = limits.values
    }

    /// The message that `input` is.
    ///
    /// - Throws: ``JSONError`` for what is no object, not all of one, or over `limits`.
    package static func message(
        from input: Bytes, limits: MessageLimits = MessageLimits()
    ) throws(JSONError) -> LayerMessage {
        guard case .object(let message) = try value(from: input, limits: limits) else { throw .notObject }
        return message
    }

    /// The value that `input` is.
    ///
    /// - Throws: As ``message(from:limits:)``, for what is no value.
    package static func value(
        from input: Bytes, limits: MessageLimits = MessageLimits()
    ) throws(JSONError) -> LayerValue {
        guard input.count <= limits.bytes else { throw .tooLarge(limit: limits.bytes) }
        var reader = JSONReader(input, limits: limits)
        reader.skipSpace()
        let value = try reader.read(depth: 0)
        reader.skipSpace()
        guard reader.position == input.count else { throw .trailing(reader.position) }
        return value
    }

    private mutating func read(depth: Int) throws(JSONError) -> LayerValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try object(depth: depth)
        case UInt8(ascii: "["): return try array(depth: depth)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .double(.nan))
        case UInt8(ascii: "I"): return try word("Infinity", .double(.infinity))
        case UInt8(ascii: "-"):
            if position + 1 < input.count, input[position + 1] == UInt8(ascii: "I") {
                return try word("-Infinity", .double(-.infinity))
            }
            return try number()
        case UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        case let byte: throw .unexpected(byte, wanted: "a value", position)
        }
    }

    private mutating func array(depth: Int) throws(JSONError) -> LayerValue {
        try enter(depth: depth)
        var elements: [LayerValue] = []
        if try skip(UInt8(ascii: "]")) { return .array(elements) }
        while true {
            try count()
            elements.append(try read(depth: depth + 1))
            if try skip(UInt8(ascii: "]")) { return .array(elements) }
            try comma(wanted: "a comma or the end of the array")
        }
    }

    private mutating func object(depth: Int) throws(JSONError) -> LayerValue {
        try enter(depth: depth)
        var elements: [(String, LayerValue)] = []
        if try skip(UInt8(ascii: "}")) { return .object(LayerMessage()) }
        while true {
            try count()
            let first = try peek()
            guard first == UInt8(ascii: "\"") else {
                throw .unexpected(first, wanted: "a key in double quotes", position)
            }
            let key = try string()
            skipSpace()
            let colon = try peek()
            guard colon == UInt8(ascii: ":") else { throw .unexpected(colon, wanted: "a colon", position) }
            position += 1
            skipSpace()
            elements.append((key, try read(depth: depth + 1)))
            if try skip(UInt8(ascii: "}")) { return .object(LayerMessage(many: elements)) }
            try comma(wanted: "a comma or the end of the object")
        }
    }

    /// Goes behind the bracket that opens an aggregate.
    private mutating func enter(depth: Int) throws(JSONError) {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth, position) }
        position += 1
    }

    private mutating func count() throws(JSONError) {
        guard left > 0 else { throw .tooMany(limit: limits.values, position) }
        left -= 1
    }

    /// Whether `byte` comes next, behind spaces; it is skipped then.
    private mutating func skip(_ byte: UInt8) throws(JSONError) -> Bool {
        skipSpace()
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func comma(wanted: StaticString) throws(JSONError) {
        let byte = try peek()
        guard byte == UInt8(ascii: ",") else { throw .unexpected(byte, wanted: wanted, position) }
        position += 1
        skipSpace()
    }

    private mutating func skipSpace() {
        while position < input.count {
            switch input[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position += 1
            default: return
            }
        }
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard position < input.count else { throw .truncated(position) }
        return input[position]
    }

    private mutating func word(_ text: String, _ value: LayerValue) throws(JSONError) -> LayerValue {
        let start = position
        for byte in text.utf8 {
            guard try peek() == byte else { throw .unexpected(input[start], wanted: "a value", start) }
            position += 1
        }
        return value
    }

    private mutating func number() throws(JSONError) -> LayerValue {
        let start = position
        var isWhole = true
        if input[position] == UInt8(ascii: "-") { position += 1 }
        if try peek() == UInt8(ascii: "0") { position += 1 } else { try digits(from: start) }
        if position < input.count, input[position] == UInt8(ascii: ".") {
            isWhole = false
            position += 1
            try digits(from: start)
        }
        if position < input.count, input[position] | 0x20 == UInt8(ascii: "e") {
            isWhole = false
            position += 1
            let sign = try peek()
            if sign == UInt8(ascii: "-") || sign == UInt8(ascii: "+") { position += 1 }
            try digits(from: start)
        }
        guard position == input.count || !Self.continuesNumber(input[position]) else { throw .number(start) }
        let text = String(decoding: input.slice(start..<position), as: UTF8.self)
        if isWhole, let number = Int(text) { return .int(number) }
        if isWhole, let number = UInt64(text) { return .unsigned(number) }
        guard let number = Double(text) else { throw .number(start) }
        guard number.isFinite || !isWhole else { throw .largeNumber(start) }
        return .double(number)
    }

    /// Goes behind one or more digits.
    private mutating func digits(from start: Int) throws(JSONError) {
        let first = position
        while position < input.count, input[position] &- UInt8(ascii: "0") <= 9 { position += 1 }
        guard position - start <= Self.longestNumber else { throw .longNumber(limit: Self.longestNumber, start) }
        guard position > first else { throw position == input.count ? .truncated(position) : .number(start) }
    }

    private static func continuesNumber(_ byte: UInt8) -> Bool {
        byte &- UInt8(ascii: "0") <= 9 || byte == UInt8(ascii: ".")
    }

    private mutating func string() throws(JSONError) -> String {
        let start = position
        position += 1
        // Most strings have no escapes and are taken as they are.
        var unescaped: [UInt8] = []
        var run = position
        while true {
            position = endOfRun()
            let byte = try peek()
            switch byte {
            case UInt8(ascii: "\""):
                let last = input.slice(run..<position)
                position += 1
                if unescaped.isEmpty {
                    guard let text = String(utf8: last) else { throw .invalidText(start) }
                    return text
                }
                unescaped += last
                guard let text = try? UTF8Span(validating: unescaped.span) else { throw .invalidText(start) }
                return String(copying: text)
            case UInt8(ascii: "\\"):
                unescaped += input.slice(run..<position)
                try escape(into: &unescaped)
                run = position
            default: throw .control(byte, position)
            }
        }
    }

    /// Where the next byte is that ends a string, begins an escape or may not be in a string.
    private func endOfRun() -> Int {
        let bytes = input.span
        var index = position
        while index < bytes.count, bytes[index] != UInt8(ascii: "\""), bytes[index] != UInt8(ascii: "\\"),
            bytes[index] >= 0x20
        {
            index += 1
        }
        return index
    }

    private mutating func escape(into text: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        let kind = try peek()
        position += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(kind)
        case UInt8(ascii: "b"): text.append(0x08)
        case UInt8(ascii: "f"): text.append(0x0C)
        case UInt8(ascii: "n"): text.append(0x0A)
        case UInt8(ascii: "r"): text.append(0x0D)
        case UInt8(ascii: "t"): text.append(0x09)
        case UInt8(ascii: "u"): text += try scalar(from: start).utf8
        default: throw .escape(start)
        }
    }

    /// What `\u` and its digits stand for, with the second half of a pair.
    private mutating func scalar(from start: Int) throws(JSONError) -> Character {
        let first = try unit(from: start)
        guard first & 0xFC00 == 0xD800 else { return Character(Unicode.Scalar(first) ?? "\u{FFFD}") }
        let rest = position
        guard input.count - position >= 2, input[position] == UInt8(ascii: "\\"),
            input[position + 1] == UInt8(ascii: "u")
        else { return "\u{FFFD}" }
        position += 2
        let second = try unit(from: rest)
        guard second & 0xFC00 == 0xDC00 else {
            // It stands for itself.
            position = rest
            return "\u{FFFD}"
        }
        let code = 0x10000 + UInt32(first & 0x3FF) << 10 + UInt32(second & 0x3FF)
        return Character(Unicode.Scalar(code) ?? "\u{FFFD}")
    }

    /// The code unit in the next four digits.
    private mutating func unit(from start: Int) throws(JSONError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard let digit = try peek().hexadecimalValue else { throw .escape(start) }
            unit = unit << 4 | UInt16(digit)
            position += 1
        }
        return unit
    }
}
