package import StraitCore
import StraitJSON

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

/// The presence of one socket of this process in a group.
package struct PresenceEntry: Sendable, Hashable {
    package let group: String
    /// A number that identifies the entry within its process and layer. Numbers are not reused.
    package let number: UInt64
    package var record: PresenceRecord

    package init(group: String, number: UInt64, record: PresenceRecord) {
        self.group = group
        self.number = number
        self.record = record
    }
}

/// The coding of a key's metadata as JSON text. Stores keep and compare this text, and browsers receive it.
enum PresenceCoding {
    /// Sorts keys so that equal metadata has equal JSON.
    private static let coder = JSONCoder(sortsKeys: true)

    /// Encodes metadata as JSON.
    ///
    /// - Throws: ``PresenceError/metadataTooLarge(key:bytes:)``; `EncodingError` if JSON cannot represent it.
    static func encode(_ meta: some Encodable, of key: String) throws -> Bytes {
        let bytes = try coder.encode(meta)
        guard bytes.count <= PresenceRecord.largestMeta else {
            throw PresenceError.metadataTooLarge(key: key, bytes: bytes.count)
        }
        return bytes
    }

    /// Decodes metadata by key. Also returns the number of records that cannot be decoded.
    static func decode<Meta: Decodable>(
        _ type: Meta.Type, _ records: [PresenceRecord]
    ) -> (read: [String: Meta], unreadable: Int) {
        var read: [String: Meta] = [:]
        for record in records { read[record.key] = try? coder.decode(type, from: record.meta) }
        return (read, records.count - read.count)
    }
}
