package import StraitCore

/// A parsed document: its bytes and the positions of its values. Strings and numbers are created on demand.
package final class JSONDocument {
    package let bytes: Bytes
    package let tokens: [JSONToken]
    let coder: JSONCoder
    /// The indexes of large objects' keys, by the object's token.
    private var indexes: [Int: JSONObjectIndex] = [:]
    /// The state of a tagged message while it is decoded.
    var message = TaggedMessage()

    /// Parses `bytes`.
    ///
    /// - Parameter isText: Whether the bytes are known to be valid UTF-8.
    /// - Throws: ``JSONError`` if the bytes are not JSON or exceed a limit of the coder.
    package init(
        _ bytes: Bytes, coder: JSONCoder = JSONCoder(), dialect: JSONDialect = .strict, isText: Bool = false
    ) throws(JSONError) {
        let limits = coder.limits
        guard bytes.count <= limits.largest else { throw .tooLarge(limits.largest) }
        if !isText, !UTF8Validator.isValid(bytes.span) { throw Self.notText(bytes.span) }
        var scanner = JSONScanner(bytes.span, limits: limits, dialect: dialect)
        do {
            try scanner.scan()
        } catch {
            let path = JSONPath.text(of: scanner.tokens, upTo: scanner.container, in: bytes)
            throw error.adding(path: path)
        }
        self.bytes = bytes
        self.coder = coder
        tokens = scanner.tokens
    }

    private static func notText(_ bytes: Span<UInt8>) -> JSONError {
        var validator = UTF8Validator()
        var index = 0
        while index < bytes.count, validator.accept(bytes.extracting(index..<index + 1)) { index += 1 }
        return .syntax(index, "the bytes are not UTF-8")
    }

    /// Returns the text of the string at `token`.
    package func string(_ token: JSONToken) -> String {
        let bytes = bytes
        let span = bytes.span.extracting(Int(token.start)..<Int(token.end))
        let text: String
        if token.isComplex {
            text = String(decoding: JSONEscapes.unescaped(span), as: UTF8.self)
        } else {
            // SAFETY: the buffer is only used during the call that provides it.
            text = unsafe span.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
        }
        return token.hasMarks ? StreamSafeText.broken(text) : text
    }

    /// Returns the number at `token`.
    package func number(_ token: JSONToken) -> JSONNumber {
        JSONNumber(bytes.slice(Int(token.start)..<Int(token.end)), isComplex: token.isComplex)
    }

    // MARK: Objects

    /// Returns the index of the value under `key` in the object at `object`. If the key is repeated, the last value
    /// counts.
    func value(of key: String, in object: Int) -> Int? {
        let token = tokens[object]
        guard token.count > JSONObjectIndex.smallest else {
            var found: Int?
            var member = object &+ 1
            let count = UInt32(truncatingIfNeeded: key.utf8.count)
            for _ in 0..<token.count {
                let name = tokens[member]
                if name.isComplex || name.end &- name.start == count, isKey(name, key) { found = member &+ 1 }
                member = Int(tokens[member &+ 1].next)
            }
            return found
        }
        return index(of: object).value(of: key, in: self)
    }

    /// Calls `body` with each key of the object and the index of its value, in order.
    ///
    /// - Parameter isUnique: Whether to skip all but the last value of a repeated key.
    package func forEachMember<Failure: Error>(
        of object: Int, isUnique: Bool = true, _ body: (_ key: JSONToken, _ value: Int) throws(Failure) -> Void
    ) throws(Failure) {
        var member = object &+ 1
        for _ in 0..<tokens[object].count {
            let value = member &+ 1
            if !isUnique || isLast(member, in: object) { try body(tokens[member], value) }
            member = Int(tokens[value].next)
        }
    }

    /// Whether no later key of the object equals the one at `member`.
    private func isLast(_ member: Int, in object: Int) -> Bool {
        let token = tokens[object]
        if token.count > JSONObjectIndex.smallest { return index(of: object).isLast(member, in: self) }
        var other = Int(tokens[member &+ 1].next)
        let end = Int(token.next)
        while other < end {
            if isSameKey(tokens[member], tokens[other]) { return false }
            other = Int(tokens[other &+ 1].next)
        }
        return true
    }

    private func index(of object: Int) -> JSONObjectIndex {
        if let index = indexes[object] { return index }
        let index = JSONObjectIndex(of: object, in: self)
        indexes[object] = index
        return index
    }

    /// Whether the key at `token` equals `key`, byte for byte.
    func isKey(_ token: JSONToken, _ key: String) -> Bool {
        let length = Int(token.end &- token.start)
        let utf8 = key.utf8.span
        let bytes = bytes
        let raw = bytes.span.extracting(Int(token.start)..<Int(token.end))
        if !token.isComplex { return length == utf8.count && ByteComparison.starts(raw, at: 0, with: utf8) }
        // An escape has at most six bytes for each byte of text.
        guard length >= utf8.count, length <= 6 * utf8.count else { return false }
        let text = JSONEscapes.unescaped(raw)
        return text.count == utf8.count && ByteComparison.starts(text.span, at: 0, with: utf8)
    }

    func isSameKey(_ left: JSONToken, _ right: JSONToken) -> Bool {
        let bytes = bytes
        let first = bytes.span.extracting(Int(left.start)..<Int(left.end))
        let second = bytes.span.extracting(Int(right.start)..<Int(right.end))
        if !left.isComplex, !right.isComplex {
            return first.count == second.count && ByteComparison.starts(first, at: 0, with: second)
        }
        let (one, other) = (JSONEscapes.unescaped(first), JSONEscapes.unescaped(second))
        return one == other
    }
}

/// A hash index of a large object's keys. The hash seed differs per process, so that a client cannot choose colliding
/// keys. Small objects are searched without an index.
struct JSONObjectIndex {
    /// The maximum number of keys of an object without an index.
    static let smallest = 16

    /// A hash table with linear probing. A slot contains the index of a key's token; 0 means empty, because a key never
    /// has the index 0.
    private var slots: [UInt32]
    private let mask: Int

    init(of object: Int, in document: JSONDocument) {
        let count = document.tokens[object].count
        var size = 32
        while size < 2 * count { size *= 2 }
        slots = Array(repeating: 0, count: size)
        mask = size - 1
        var member = object &+ 1
        for _ in 0..<count {
            let key = document.tokens[member]
            var slot = Self.hash(of: key, in: document) & mask
            while slots[slot] != 0, !document.isSameKey(document.tokens[Int(slots[slot])], key) {
                slot = (slot &+ 1) & mask
            }
            slots[slot] = UInt32(truncatingIfNeeded: member)
            member = Int(document.tokens[member &+ 1].next)
        }
    }

    func value(of key: String, in document: JSONDocument) -> Int? {
        var slot = Self.hash(key.utf8.span) & mask
        while slots[slot] != 0 {
            let member = Int(slots[slot])
            if document.isKey(document.tokens[member], key) { return member &+ 1 }
            slot = (slot &+ 1) & mask
        }
        return nil
    }

    func isLast(_ member: Int, in document: JSONDocument) -> Bool {
        var slot = Self.hash(of: document.tokens[member], in: document) & mask
        while slots[slot] != 0 {
            let other = Int(slots[slot])
            if other == member { return true }
            if document.isSameKey(document.tokens[other], document.tokens[member]) { return false }
            slot = (slot &+ 1) & mask
        }
        return false
    }

    private static func hash(of key: JSONToken, in document: JSONDocument) -> Int {
        let bytes = document.bytes
        let raw = bytes.span.extracting(Int(key.start)..<Int(key.end))
        return key.isComplex ? hash(JSONEscapes.unescaped(raw).span) : hash(raw)
    }

    private static func hash(_ bytes: Span<UInt8>) -> Int {
        var hasher = Hasher()
        // SAFETY: the buffer is only used during the call that provides it.
        unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
        return hasher.finalize()
    }
}
