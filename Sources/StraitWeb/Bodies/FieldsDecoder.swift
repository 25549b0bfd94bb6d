internal import StraitHTTP

/// Decodes a value from the fields of a form. Each property is one field, or all fields of one name.
struct FieldsDecoder: Decoder {
    private let fields: QueryString
    let codingPath: [any CodingKey] = []
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ fields: QueryString) {
        self.fields = fields
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Keyed(fields: fields))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        throw DecodingError.typeMismatch(
            [String].self,
            .init(codingPath: [], debugDescription: "A form has named fields: decode a type with properties."))
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        throw DecodingError.typeMismatch(
            String.self,
            .init(codingPath: [], debugDescription: "A form has named fields: decode a type with properties."))
    }

    private struct Keyed<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let fields: QueryString
        let codingPath: [any CodingKey] = []

        var allKeys: [Key] {
            // Names are compared by bytes, as in the lookup of fields.
            var seen: Set<[UInt8]> = []
            return fields.items.compactMap {
                seen.insert(Array($0.name.utf8)).inserted ? Key(stringValue: $0.name) : nil
            }
        }

        func contains(_ key: Key) -> Bool { fields[key.stringValue] != nil }

        /// An empty field counts as nil for an optional value, because a browser sends every field.
        func decodeNil(forKey key: Key) throws -> Bool { fields[key.stringValue]?.isEmpty ?? true }

        func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
            let decoder = FieldDecoder(values: fields.values(of: key.stringValue), codingPath: [key])
            if !contains(key), !(type is any ExpressibleByArrayLiteral.Type), type != Bool.self {
                throw DecodingError.keyNotFound(key, .init(codingPath: [], debugDescription: "There is no such field."))
            }
            return try decoder.value(type)
        }

        func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<NestedKey> { throw FieldDecoder.nested([key]) }

        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
            try FieldDecoder(values: fields.values(of: key.stringValue), codingPath: [key]).unkeyedContainer()
        }

        func superDecoder() throws -> any Decoder { FieldsDecoder(fields) }
        func superDecoder(forKey key: Key) throws -> any Decoder { FieldsDecoder(fields) }
    }
}
