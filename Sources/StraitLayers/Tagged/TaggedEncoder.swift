import StraitJSON

/// An encoder that writes an enum's case beside its labels. See ``Tagged``.
///
/// A class, so that the containers can note what went wrong where they cannot throw.
final class TaggedEncoder: Encoder {
    let base: any Encoder
    private let role: TaggedRole
    private let value: Any
    /// The error of writing the `type`.
    var failure: (any Error)?

    /// - Parameter value: What is encoded.
    init(_ base: any Encoder, _ role: TaggedRole, of value: Any) {
        self.base = base
        self.role = role
        self.value = value
    }

    /// Whether `keys` are those of the encoded value itself, and that is no enum: its containers are no cases. A struct
    /// that encodes itself as an enum that it holds uses that one's keys.
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
