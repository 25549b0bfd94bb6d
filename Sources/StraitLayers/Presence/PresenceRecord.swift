package import StraitNetwork

/// A key and what is said of it.
package struct PresenceRecord: Sendable, Hashable {
    /// 1 to 128 bytes of UTF-8.
    package let key: String
    /// JSON text of at most 4096 bytes. Two that say the same are the same bytes.
    package let meta: Bytes

    /// By what it is told from others.
    package var id: PresenceKey { PresenceKey(key) }

    /// The most bytes of a key.
    package static let longestKey = 128
    /// The most bytes of JSON that may be said of one.
    package static let largestMeta = 4096

    package init(key: String, meta: Bytes) {
        self.key = key
        self.meta = meta
    }

    /// - Throws: ``PresenceError`` for a key or metadata that cannot be; `EncodingError`.
    package init(_ key: String, encoding meta: some Encodable) throws {
        guard (1...Self.longestKey).contains(key.utf8.count) else { throw PresenceError.invalidKey(key) }
        self.init(key: key, meta: try PresenceCoding.encode(meta, of: key))
    }
}
