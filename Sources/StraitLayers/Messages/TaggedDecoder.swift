import StraitJSON

/// A decoder that reads an enum's case name from `type`, and its labels next to it. See ``Tagged``.
///
/// It is a class, so that its containers can record why no case was found. Their own methods cannot report that.
final class TaggedDecoder: Decoder {
    private let base: any Decoder
    private let role: TaggedRole
    /// The reason why no case was found, if an enum looked for one.
    var failure: (any Error)?
    /// The message's `type`, set when an enum reads its case.
    var type: String?

    init(_ base: any Decoder, _ role: TaggedRole) {
        self.base = base
        self.role = role
    }

    var codingPath: [any CodingKey] { base.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        switch role {
        case .payload where !TaggedRole.isClosed(type):
            return try object().nestedContainer(keyedBy: type, forKey: .value)
        case .message where TaggedRole.isClosed(type):
            return KeyedDecodingContainer(TaggedDecoding<Key>(self, try object(), .message))
        default:
            return try base.container(keyedBy: type)
        }
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try role == .payload ? object().nestedUnkeyedContainer(forKey: .value) : base.unkeyedContainer()
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        guard role == .payload else { return try base.singleValueContainer() }
        let object = try object()
        guard object.contains(.value) else {
            throw DecodingError.keyNotFound(
                TagKey.value, DecodingError.Context(codingPath: codingPath, debugDescription: "There is no payload."))
        }
        return try object.superDecoder(forKey: .value).singleValueContainer()
    }

    /// Decodes a case's unlabelled payload from the message's object.
    func payload<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: TaggedDecoder(base, .payload))
    }

    private func object() throws -> KeyedDecodingContainer<TagKey> {
        try base.container(keyedBy: TagKey.self)
    }
}

/// A container that reads the keys of a message or of a case's labels, all from the message's one object.
struct TaggedDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
    private let decoder: TaggedDecoder
    private let object: KeyedDecodingContainer<TagKey>
    private let role: TaggedRole

    init(_ decoder: TaggedDecoder, _ object: KeyedDecodingContainer<TagKey>, _ role: TaggedRole) {
        self.decoder = decoder
        self.object = object
        self.role = role
    }

    var codingPath: [any CodingKey] { object.codingPath }

    /// The keys that exist. An enum reads them to find its case, and gets the case that `type` names.
    var allKeys: [Key] {
        guard role == .message else { return knownKeys }
        do {
            let type = try object.decodeIfPresent(String.self, forKey: .type)
            decoder.type = type
            if let key = type.flatMap({ Key(stringValue: $0) }) { return [key] }
            // A message without a type may have Swift's default form: one key, which is the case.
            if type == nil, hasOwnType || knownKeys.count == 1 { return knownKeys }
            decoder.failure = UnknownMessageType(type: type, known: Self.allNames)
        } catch {
            decoder.failure = error
        }
        return hasOwnType ? knownKeys : []
    }

    /// The keys of the object that the decoded type knows.
    private var knownKeys: [Key] { object.allKeys.compactMap { Key(stringValue: $0.stringValue) } }

    /// Whether `type` is itself one of the keys. This is the case for a struct with a `type` property, but not for an
    /// enum.
    private var hasOwnType: Bool { Key(stringValue: TagKey.type.stringValue) != nil }

    /// The names of the decoded type's keys, if they can be enumerated.
    private static var allNames: [String] {
        guard let keys = Key.self as? any (CodingKey & CaseIterable).Type else { return [] }
        return names(of: keys)
    }

    private static func names<Keys: CodingKey & CaseIterable>(of keys: Keys.Type) -> [String] {
        keys.allCases.map(\.stringValue)
    }

    private func isPayload(_ key: Key) -> Bool {
        role == .members && TaggedRole.isPayload(key)
    }

    /// Whether the object holds nothing but its `type`, so that an optional payload is missing.
    private var isBare: Bool {
        object.allKeys.allSatisfy { $0.stringValue == TagKey.type.stringValue }
    }

    func contains(_ key: Key) -> Bool {
        isPayload(key) ? !isBare : object.contains(TagKey(key))
    }

    func decodeNil(forKey key: Key) throws -> Bool {
        guard isPayload(key) else { return try object.decodeNil(forKey: TagKey(key)) }
        return try object.contains(.value) && object.allKeys.count == 2 && object.decodeNil(forKey: .value)
    }

    func decode(_ type: String.Type, forKey key: Key) throws -> String {
        try object.decode(type, forKey: isPayload(key) ? .value : TagKey(key))
    }

    func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
        guard isPayload(key) else { return try object.decode(type, forKey: TagKey(key)) }
        if TaggedRole.isScalar(type) { return try object.decode(type, forKey: .value) }
        return try decoder.payload(type)
    }

    func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) throws -> KeyedDecodingContainer<Nested> {
        if role == .message, decoder.type == key.stringValue, TaggedRole.isCase(type) {
            return KeyedDecodingContainer(TaggedDecoding<Nested>(decoder, object, .members))
        }
        return try object.nestedContainer(keyedBy: type, forKey: TagKey(key))
    }

    func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
        try object.nestedUnkeyedContainer(forKey: TagKey(key))
    }

    func superDecoder() throws -> any Decoder {
        try object.superDecoder()
    }

    func superDecoder(forKey key: Key) throws -> any Decoder {
        try object.superDecoder(forKey: TagKey(key))
    }
}
