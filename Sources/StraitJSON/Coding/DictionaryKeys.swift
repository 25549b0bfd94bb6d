/// The coding key that dictionaries of the standard library use, which has no public name.
enum DictionaryKeys {
    /// Whether `type` is the key type of dictionaries. Equal dictionaries may have their keys in different orders.
    @inline(__always)
    static func isKey(_ type: Any.Type) -> Bool { type == key }

    private static let key: Any.Type = {
        let probe = Probe()
        // The probe throws nothing.
        try? [String: Int]().encode(to: probe)
        return probe.key
    }()

    /// An encoder that notes the type of the keys.
    private final class Probe: Encoder {
        var key: Any.Type = Never.self
        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        private var encoder: JSONValueEncoder { JSONValueEncoder(JSONSink(JSONCoder()), 0, .plain) }

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            key = type
            // Not the encoder's container: creating that needs the key type that is being looked up here.
            return KeyedEncodingContainer(Nothing<Key>())
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
        func singleValueContainer() -> any SingleValueEncodingContainer { encoder.singleValueContainer() }
    }

    /// The container of a dictionary without elements.
    private struct Nothing<Key: CodingKey>: KeyedEncodingContainerProtocol {
        var codingPath: [any CodingKey] { [] }
        private var encoder: JSONValueEncoder { JSONValueEncoder(JSONSink(JSONCoder()), 0, .plain) }

        func encodeNil(forKey key: Key) {}
        func encode<Value: Encodable>(_ value: Value, forKey key: Key) {}
        func nestedContainer<Nested: CodingKey>(
            keyedBy type: Nested.Type, forKey key: Key
        ) -> KeyedEncodingContainer<Nested> { KeyedEncodingContainer(Nothing<Nested>()) }
        func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
        func superEncoder() -> any Encoder { encoder }
        func superEncoder(forKey key: Key) -> any Encoder { encoder }
    }
}
