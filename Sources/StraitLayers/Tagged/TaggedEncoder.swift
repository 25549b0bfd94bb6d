import StraitJSON

/// An encoder that writes an enum's case name next to its labels. See ``Tagged``.
///
/// It is a class, so that its containers can record an error in methods that cannot throw.
final class TaggedEncoder: Encoder {
    let base: any Encoder
    private let role: TaggedRole
    private let value: Any
    /// The error of writing the `type`.
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
