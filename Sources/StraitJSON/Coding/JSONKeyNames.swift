internal import StraitCore

/// The conversion between Swift's keys and snake case.
enum JSONKeyNames {
    /// Returns `name` in snake case: `fullName` is `full_name`, `imageURL` is `image_url`, `URLPath` is `url_path`.
    static func snakeCase(_ name: String) -> String {
        let letters = Array(name.unicodeScalars)
        var result = String.UnicodeScalarView()
        for (index, letter) in letters.enumerated() {
            guard letter.properties.isUppercase else {
                result.append(letter)
                continue
            }
            let isFirst = index == 0 || letters[index - 1] == "_"
            let isBehindSmall = index > 0 && !letters[index - 1].properties.isUppercase
            // The last of several capitals starts a new word.
            let isBeforeSmall = index + 1 < letters.count && letters[index + 1].properties.isLowercase
            if !isFirst, isBehindSmall || isBeforeSmall { result.append("_") }
            result.append(contentsOf: letter.properties.lowercaseMapping.unicodeScalars)
        }
        return String(result)
    }

    /// Returns the coding key for `name` in snake case; nil if the type has none.
    static func key<Key: CodingKey>(_ name: String, _ type: Key.Type) -> Key? {
        if let keys = type as? any (CodingKey & CaseIterable).Type { return find(name, keys) as? Key }
        let camel = camelCase(name)
        // Removed underscores may join combining marks to a longer run than the reader has checked.
        guard camel.isStreamSafe else { return nil }
        if let key = Key(stringValue: camel), snakeCase(key.stringValue) == name { return key }
        if let key = Key(stringValue: name), snakeCase(key.stringValue) == name { return key }
        return nil
    }

    private static func find<Keys: CodingKey & CaseIterable>(_ name: String, _ type: Keys.Type) -> Keys? {
        type.allCases.first { snakeCase($0.stringValue) == name }
    }

    private static func camelCase(_ name: String) -> String {
        var result = ""
        var isStart = false
        for letter in name.unicodeScalars {
            if letter == "_", !result.isEmpty {
                isStart = true
            } else if isStart {
                result += letter.properties.uppercaseMapping
                isStart = false
            } else {
                result.unicodeScalars.append(letter)
            }
        }
        return result
    }
}

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

/// A coding key for an index, or for a name that no type declares.
package struct JSONKey: CodingKey, Sendable {
    package let stringValue: String
    package let intValue: Int?

    package init(_ name: String) {
        stringValue = name
        intValue = nil
    }

    package init(_ index: Int) {
        stringValue = "\(index)"
        intValue = index
    }

    package init?(stringValue: String) { self.init(stringValue) }
    package init?(intValue: Int) { self.init(intValue) }
}
