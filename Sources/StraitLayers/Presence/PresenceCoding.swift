import StraitJSON
internal import StraitNetwork

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
