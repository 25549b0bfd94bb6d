import StraitJSON

/// An encoder that writes an enum's case name next to its labels. See ``Tagged``.
///
/// It is a class, so that its containers can record an error in methods that cannot throw.
final class TaggedEncoder: Encoder {
    let base: any Encoder
    private let role: TaggedRole
    private let value: Any
    /// The error from writing the `type`.
    var failure: (any Error)?

    /// - Parameter value: The value to encode.
    init(_ base: any Encoder, _ role: TaggedRole, of value: Any) {
        self.base = base
        self.role = role
        self.value = value
    }

    /// Whether `keys` belong to the encoded value itself, and the value is not an enum. Its containers are then not
    /// cases. A struct that encodes itself as a wrapped enum uses the enum's keys.
    func isPlain<Key: CodingKey>(_ keys: Key.Type) -> Bool {
        !TypeFacts.of(value: value).contains(.isEnum)
            && String(reflecting: keys).hasPrefix(String(reflecting: type(of: value)) + ".")
    }

    var codingPath: [any CodingKey] { base.codingPath }
    var userInfo: [CodingUserInfoKey: Any] { base.userInfo }

    func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
        guard TaggedRole.isClosed(type) else {
            guard role == .payload else { return base.container(keyedBy: type) }
            var object = base.container(keyedBy: TagKey.self)
            return object.nestedContainer(keyedBy: type, forKey: .value)
        }
        return KeyedEncodingContainer(
            TaggedEncoding<Key>(self, base.container(keyedBy: TagKey.self), role))
    }

    func unkeyedContainer() -> any UnkeyedEncodingContainer {
        guard role == .payload else { return base.unkeyedContainer() }
        var object = base.container(keyedBy: TagKey.self)
        return object.nestedUnkeyedContainer(forKey: .value)
    }

    func singleValueContainer() -> any SingleValueEncodingContainer {
        guard role == .payload else { return base.singleValueContainer() }
        var object = base.container(keyedBy: TagKey.self)
        return object.superEncoder(forKey: .value).singleValueContainer()
    }
}

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
                debugDescription: "The payload's key 'type' conflicts with the key for the message's name. "
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
