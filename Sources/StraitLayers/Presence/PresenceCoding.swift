import StraitJSON
internal import StraitNetwork

/// The metadata of a key as JSON text, in which it is kept, compared, and passed on to browsers.
enum PresenceCoding {
    /// The keys are sorted, so that equal metadata has equal JSON.
    private static let coder = JSONCoder(sortsKeys: true)

    /// - Throws: ``PresenceError/metadataTooLarge(key:bytes:)``; `EncodingError` for what JSON has not.
    static func encode(_ meta: some Encodable, of key: String) throws -> Bytes {
        let bytes = try coder.encode(meta)
        guard bytes.count <= PresenceRecord.largestMeta else {
            throw PresenceError.metadataTooLarge(key: key, bytes: bytes.count)
        }
        return bytes
    }

    /// The records that can be read, and the number of those that cannot.
    static func decode<Meta: Decodable>(
        _ type: Meta.Type, _ records: [PresenceRecord]
    ) -> (read: [String: Meta], unreadable: Int) {
        var read: [String: Meta] = [:]
        for record in records { read[record.key] = try? coder.decode(type, from: record.meta) }
        return (read, records.count - read.count)
    }
}
