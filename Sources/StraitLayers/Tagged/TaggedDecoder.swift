/// A decoder that finds an enum's case under `type` and its labels beside it. See ``Tagged``.
///
/// A class, so that the containers can note why no case was found: their own methods could not say it.
final class TaggedDecoder: Decoder {
    private let base: any Decoder
    private let role: TaggedRole
    /// Why no case was found, where one was asked for.
    var failure: (any Error)?
    /// What the message's `type` says, once an enum asked for its case.
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

    /// Decodes a case's unlabelled payload out of the message's object.
    func payload<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try Value(from: TaggedDecoder(base, .payload))
    }

    private func object() throws -> KeyedDecodingContainer<TagKey> {
        try base.container(keyedBy: TagKey.self)
    }
}
