/// The type of the standard library's coding keys for dictionaries, which is not public.
enum DictionaryKeys {
    /// Whether `type` is that type. Dictionary keys are sorted, because equal dictionaries may have different orders.
    @inline(__always)
    static func isKey(_ type: Any.Type) -> Bool { type == key }

    private static let key: Any.Type = {
        let probe = Probe()
        // The probe never throws.
        try? [String: Int]().encode(to: probe)
        return probe.key
    }()

    /// An encoder that records the type of the keys.
    private final class Probe: Encoder {
        var key: Any.Type = Never.self
        var codingPath: [any CodingKey] { [] }
        var userInfo: [CodingUserInfoKey: Any] { [:] }

        private var encoder: JSONValueEncoder { JSONValueEncoder(JSONSink(JSONCoder()), 0, .plain) }

        func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
            key = type
            // Not the real container, because its creation needs the key type that is determined here.
            return KeyedEncodingContainer(Nothing<Key>())
        }

        func unkeyedContainer() -> any UnkeyedEncodingContainer { encoder.unkeyedContainer() }
        func singleValueContainer() -> any SingleValueEncodingContainer { encoder.singleValueContainer() }
    }

    /// A container that ignores all values.
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
