internal import StraitNetwork

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
