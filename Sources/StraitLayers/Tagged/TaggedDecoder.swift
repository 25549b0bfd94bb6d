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
