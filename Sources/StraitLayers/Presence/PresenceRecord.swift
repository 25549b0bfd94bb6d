package import StraitNetwork

/// A key and its metadata.
package struct PresenceRecord: Sendable, Hashable {
    /// 1 to 128 bytes of UTF-8.
    package let key: String
    /// JSON text of at most 4096 bytes. Equal metadata has equal bytes.
    package let meta: Bytes

    /// The key in a form that is compared by bytes.
    package var id: PresenceKey { PresenceKey(key) }

    /// The maximum size of a key in bytes.
    package static let longestKey = 128
    /// The maximum size of a key's metadata in bytes of JSON.
    package static let largestMeta = 4096

    package init(key: String, meta: Bytes) {
        self.key = key
        self.meta = meta
    }

    /// Creates a record with encoded metadata.
    ///
    /// - Throws: ``PresenceError`` if the key or the metadata has an invalid size; `EncodingError`.
    package init(_ key: String, encoding meta: some Encodable) throws {
        guard (1...Self.longestKey).contains(key.utf8.count) else { throw PresenceError.invalidKey(key) }
        self.init(key: key, meta: try PresenceCoding.encode(meta, of: key))
    }
}
