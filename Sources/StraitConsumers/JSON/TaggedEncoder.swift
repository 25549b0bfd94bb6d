/// An encoder that writes an enum's case beside its labels. See ``Tagged``.
struct TaggedEncoder: Encoder {
    private let base: any Encoder
    private let role: TaggedRole

    init(_ base: any Encoder, _ role: TaggedRole) {
        self.base = base
        self.role = role
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
            TaggedEncoding<Key>(base, base.container(keyedBy: TagKey.self), role))
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
