internal import FoundationEssentials
internal import StraitNetwork

/// What is said of a key as the JSON text as which it is kept, compared, and passed on to browsers.
enum PresenceCoding {
    private static let encoder = {
        let encoder = JSONEncoder()
        // Sorted, so that what says the same is the same.
        encoder.outputFormatting = [.withoutEscapingSlashes, .sortedKeys]
        encoder.dateEncodingStrategy = .iso8601
        return encoder
    }()

    private static let decoder = {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        return decoder
    }()

    /// - Throws: ``PresenceError/metadataTooLarge(key:bytes:)``; `EncodingError` for what JSON has not.
    static func encode(_ meta: some Encodable, of key: String) throws -> Bytes {
        let bytes = Bytes(try encoder.encode(meta))
        guard bytes.count <= PresenceRecord.largestMeta else {
            throw PresenceError.metadataTooLarge(key: key, bytes: bytes.count)
        }
        return bytes
    }

    /// What can be read of `records`, and how many of them cannot.
    static func decode<Meta: Decodable>(
        _ type: Meta.Type, _ records: [PresenceRecord]
    ) -> (read: [String: Meta], unreadable: Int) {
        var read: [String: Meta] = [:]
        for record in records { read[record.key] = try? decoder.decode(type, from: Data(record.meta)) }
        return (read, records.count - read.count)
    }
}
