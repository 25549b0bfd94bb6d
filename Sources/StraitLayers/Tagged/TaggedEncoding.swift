/// A container that writes the keys of a message, of a case's labels or of its payload, all into the message's one
/// object.
struct TaggedEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
    private let encoder: TaggedEncoder
    private var object: KeyedEncodingContainer<TagKey>
    private let role: TaggedRole

    init(_ encoder: TaggedEncoder, _ object: KeyedEncodingContainer<TagKey>, _ role: TaggedRole) {
        self.encoder = encoder
        self.object = object
        self.role = role
    }

    var codingPath: [any CodingKey] { object.codingPath }

    /// Throws if a payload has a key named `type`, which is reserved for the case name.
    private func check(_ key: Key) throws {
        guard role != .message, key.stringValue == TagKey.type.stringValue else { return }
        throw EncodingError.invalidValue(
            key.stringValue,
            EncodingError.Context(
                codingPath: codingPath,
                debugDescription: "The payload has a 'type' of its own, which the message's name takes. "
                    + "Rename it with a coding key, or give the payload a label."))
    }

    mutating func encodeNil(forKey key: Key) throws {
        try check(key)
        try object.encodeNil(forKey: TagKey(key))
    }

    mutating func encode(_ value: String, forKey key: Key) throws {
        try check(key)
        let isPayload = role == .members && TaggedRole.isPayload(key)
        try object.encode(value, forKey: isPayload ? .value : TagKey(key))
    }

    mutating func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws {
        guard role == .members, TaggedRole.isPayload(key) else {
            try check(key)
            return try object.encode(value, forKey: TagKey(key))
        }
        if TaggedRole.isScalar(Value.self) {
            try object.encode(value, forKey: .value)
        } else {
            try value.encode(to: TaggedEncoder(encoder.base, .payload, of: value))
        }
    }

    mutating func nestedContainer<Nested: CodingKey>(
        keyedBy type: Nested.Type, forKey key: Key
    ) -> KeyedEncodingContainer<Nested> {
        guard role == .message, TaggedRole.isCase(type), !encoder.isPlain(Key.self) else {
            return object.nestedContainer(keyedBy: type, forKey: TagKey(key))
        }
        do { try object.encode(key.stringValue, forKey: .type) } catch { encoder.failure = encoder.failure ?? error }
        return KeyedEncodingContainer(TaggedEncoding<Nested>(encoder, object, .members))
    }

    mutating func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
        object.nestedUnkeyedContainer(forKey: TagKey(key))
    }

    mutating func superEncoder() -> any Encoder {
        object.superEncoder()
    }

    mutating func superEncoder(forKey key: Key) -> any Encoder {
        object.superEncoder(forKey: TagKey(key))
    }
}
