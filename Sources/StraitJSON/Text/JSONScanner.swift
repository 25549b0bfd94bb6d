internal import StraitCore

/// A scanner that finds the values of a document (RFC 8259) in one pass, without recursion. The text must be valid
/// UTF-8.
struct JSONScanner: ~Copyable, ~Escapable {
    let bytes: Span<UInt8>
    let limits: JSONLimits
    let dialect: JSONDialect
    var position = 0
    var tokens: [JSONToken] = []
    private var depth = 0
    private var keys = 0
    /// The index of the current array or object, or -1.
    private(set) var container = -1

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, limits: JSONLimits, dialect: JSONDialect) {
        self.bytes = bytes
        self.limits = limits
        self.dialect = dialect
        tokens.reserveCapacity(min(bytes.count / 5 + 4, 4096))
    }

    /// Reads the whole document.
    mutating func scan() throws(JSONError) {
        skipSpace()
        guard position < bytes.count else { throw .syntax(position, "the text is empty; send one value") }
        while true {
            if try !opens() { continue }
            if try ends() { break }
        }
        skipSpace()
        guard position == bytes.count else {
            throw .syntax(position, "expected the end of the text, not \(JSONError.name(of: bytes[position]))")
        }
    }

    /// Reads the value at the position. Returns false after the start of a non-empty array or object; the next value is
    /// then its first one.
    private mutating func opens() throws(JSONError) -> Bool {
        guard tokens.count &- keys < limits.values else {
            throw .limit(position, "the document has more than \(limits.values) values")
        }
        guard position < bytes.count else { throw .truncated(position, "a value") }
        let byte = bytes[position]
        switch byte {
        case UInt8(ascii: "\""):
            try string()
            return true
        case UInt8(ascii: "{"):
            try enter(.object)
            if position < bytes.count, bytes[position] == UInt8(ascii: "}") {
                leave()
                return true
            }
            try key()
            return false
        case UInt8(ascii: "["):
            try enter(.array)
            if position < bytes.count, bytes[position] == UInt8(ascii: "]") {
                leave()
                return true
            }
            return false
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true", .true)
        case UInt8(ascii: "f"): try word("false", .false)
        case UInt8(ascii: "n"): try word("null", .null)
        case UInt8(ascii: "N"), UInt8(ascii: "I"): try special()
        default: throw notValue(byte)
        }
        return true
    }

    /// Moves past a value to the next one. Returns true at the end of the document.
    private mutating func ends() throws(JSONError) -> Bool {
        while container >= 0 {
            tokens[container].end &+= 1
            skipSpace()
            let isObject = tokens[container].kind == .object
            guard position < bytes.count else {
                throw .truncated(position, isObject ? "a comma or '}'" : "a comma or ']'")
            }
            let byte = bytes[position]
            if byte == UInt8(ascii: ",") {
                let comma = position
                position &+= 1
                skipSpace()
                if position < bytes.count, bytes[position] == UInt8(ascii: "}") || bytes[position] == UInt8(ascii: "]")
                {
                    throw .syntax(comma, "a trailing comma is not allowed")
                }
                if isObject { try key() }
                return false
            }
            guard byte == (isObject ? UInt8(ascii: "}") : UInt8(ascii: "]")) else {
                throw .unexpected(byte, isObject ? "a comma or '}'" : "a comma or ']'", position)
            }
            leave()
        }
        return true
    }

    private mutating func enter(_ kind: JSONToken.Kind) throws(JSONError) {
        guard depth < limits.depth else {
            throw .limit(position, "arrays and objects are nested more than \(limits.depth) deep")
        }
        depth &+= 1
        append(kind, position, 0)
        container = tokens.count &- 1
        position &+= 1
        skipSpace()
    }

    private mutating func leave() {
        position &+= 1
        depth &-= 1
        let parent = tokens[container].parent
        tokens[container].next = UInt32(truncatingIfNeeded: tokens.count)
        container = parent == JSONToken.none ? -1 : Int(parent)
    }

    private mutating func key() throws(JSONError) {
        guard position < bytes.count else { throw .truncated(position, "a key") }
        let byte = bytes[position]
        guard byte == UInt8(ascii: "\"") else {
            if byte == UInt8(ascii: ",") { throw .syntax(position, "expected a key, not a second comma") }
            throw .unexpected(byte, "a key in double quotes", position)
        }
        guard keys < limits.keys else { throw .limit(position, "the document has more than \(limits.keys) keys") }
        keys &+= 1
        try string()
        skipSpace()
        guard position < bytes.count else { throw .truncated(position, "a colon") }
        guard bytes[position] == UInt8(ascii: ":") else { throw .unexpected(bytes[position], "a colon", position) }
        position &+= 1
        skipSpace()
    }

    /// Appends a token to the current array or object.
    @inline(__always)
    mutating func append(_ kind: JSONToken.Kind, _ start: Int, _ end: Int, isComplex: Bool = false) {
        let index = UInt32(truncatingIfNeeded: tokens.count)
        let parent = container
        tokens.append(
            JSONToken(
                start: UInt32(truncatingIfNeeded: start), end: UInt32(truncatingIfNeeded: end), next: index &+ 1,
                parent: parent < 0 ? JSONToken.none : UInt32(truncatingIfNeeded: parent),
                ordinal: parent < 0 ? 0 : tokens[parent].end, kind: kind, isComplex: isComplex))
    }

    @inline(__always)
    mutating func skipSpace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x09, 0x0A, 0x0D: position &+= 1
            default: return
            }
        }
    }

    private mutating func word(_ word: StaticString, _ kind: JSONToken.Kind) throws(JSONError) {
        let start = position
        let count = word.utf8CodeUnitCount
        // SAFETY: the index stays below the length of the static string.
        for index in 0..<count {
            guard position < bytes.count else { throw .truncated(position, "the rest of a word") }
            guard bytes[position] == (unsafe word.utf8Start[index]) else { throw notValue(bytes[start], start) }
            position &+= 1
        }
        try endWord(start)
        append(kind, start, position)
    }

    /// Checks that no letter or digit follows a word.
    func endWord(_ start: Int) throws(JSONError) {
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            throw notValue(bytes[start], start)
        default: return
        }
    }

    /// Reads `NaN` or `Infinity`, with an optional minus sign.
    mutating func special() throws(JSONError) {
        let start = position
        for word in ["NaN", "Infinity", "-Infinity"] as [StaticString] {
            // SAFETY: the length is that of the static string, which is never freed.
            let text = unsafe Span(_unsafeStart: word.utf8Start, count: word.utf8CodeUnitCount)
            guard ByteComparison.starts(bytes, at: start, with: text) else { continue }
            guard dialect == .python else { throw .syntax(start, "\(word) is not allowed; write null or a string") }
            position &+= text.count
            try endWord(start)
            return append(.number, start, position, isComplex: true)
        }
        if bytes[start] == UInt8(ascii: "-") { throw .syntax(start &+ 1, "a minus sign must be followed by a digit") }
        throw notValue(bytes[start])
    }

    func notValue(_ byte: UInt8, _ offset: Int? = nil) -> JSONError {
        let offset = offset ?? position
        switch byte {
        case UInt8(ascii: "'"): return .syntax(offset, "strings must be in double quotes")
        case UInt8(ascii: "/"): return .syntax(offset, "comments are not allowed")
        case UInt8(ascii: "+"): return .syntax(offset, "a number may not begin with a plus sign")
        case UInt8(ascii: "."): return .syntax(offset, "a decimal point must follow a digit")
        case UInt8(ascii: ","): return .syntax(offset, "expected a value, not a comma")
        case 0xEF where ByteComparison.starts(bytes, at: offset, with: [0xEF, 0xBB, 0xBF].span):
            return .syntax(offset, "a byte order mark is not allowed")
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"):
            return .syntax(offset, "expected a value; the only words are true, false and null")
        default: return .unexpected(byte, "a value", offset)
        }
    }
}

/// A value or a key of a document, in the order of the text.
///
/// An object is followed by its keys, each with its value. An array is followed by its elements.
package struct JSONToken: Sendable {
    /// The kinds of tokens.
    package enum Kind: UInt8, Sendable {
        case null, `true`, `false`, number, string, array, object
    }

    /// The offset of the first byte; for a string, the first byte after the quote.
    package var start: UInt32
    /// The offset after the last byte, without the closing quote. For an array or object, the number of its elements or
    /// keys.
    package var end: UInt32
    /// The index of the token after this one and its contents.
    package var next: UInt32
    /// The index of the array or object that contains this token, or ``none``.
    package var parent: UInt32
    /// The number of elements or keys before this one in its array or object.
    package var ordinal: UInt32
    package var kind: Kind
    /// Whether a string contains escapes, or a number has a fraction or an exponent.
    package var isComplex = false
    /// Whether a string contains more combining marks in a row than allowed, and must be broken up.
    package var hasMarks = false

    static let none = UInt32.max

    /// The number of elements of an array, or of keys of an object.
    package var count: Int { Int(end) }
    /// The offset of the value in errors.
    package var offset: Int { kind == .string ? Int(start) &- 1 : Int(start) }
}

/// The variants of JSON that the reader supports.
package enum JSONDialect: Sendable, Hashable {
    /// RFC 8259, required of clients.
    case strict
    /// The output of Python's `json.dumps`, including `NaN`, `Infinity` and lone surrogates.
    ///
    /// A lone surrogate becomes U+FFFD, as when a browser sends it over a WebSocket. Long runs of combining marks are
    /// broken up with U+034F. Neither is an error, because the sender is another process that would not see it. One bad
    /// character from a user must not cost a whole group the message.
    case python
}
