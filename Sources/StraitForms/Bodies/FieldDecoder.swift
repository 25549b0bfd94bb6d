internal import FoundationEssentials
internal import StraitCore
internal import StraitHTTP

/// A decoder for one form field, or for all fields of one name.
struct FieldDecoder: Decoder {
    let values: [String]
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    static func nested(_ path: [any CodingKey]) -> DecodingError {
        .dataCorrupted(.init(codingPath: path, debugDescription: "A form field holds text, not a nested value."))
    }

    /// Decodes the field's value. `Decimal` needs its own case, as it cannot decode itself from text. The range of
    /// dates is checked.
    func value<Value: Decodable>(_ type: Value.Type) throws -> Value {
        if type == Decimal.self {
            guard let number = values.last.flatMap({ NumberText.decimal($0) }) as? Value else {
                throw DecodingError.typeMismatch(
                    type, .init(codingPath: codingPath, debugDescription: "The text is not a decimal number."))
            }
            return number
        }
        let value = try Value(from: self)
        if let date = value as? Date { try DecodableDate.check(date, codingPath) }
        return value
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        throw Self.nested(codingPath)
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        List(values: values, codingPath: codingPath)
    }

    func singleValueContainer() throws -> any SingleValueDecodingContainer {
        Single(value: values.last, codingPath: codingPath)
    }

    private struct Single: SingleValueDecodingContainer {
        let value: String?
        let codingPath: [any CodingKey]

        func decodeNil() -> Bool { value?.isEmpty ?? true }

        func decode(_ type: String.Type) throws -> String { value ?? "" }

        /// A browser does not send an unchecked box. For a checked one, only these values are accepted.
        func decode(_ type: Bool.Type) throws -> Bool {
            guard let value, !value.isEmpty else { return false }
            let word = value.utf8.count <= 5 ? value.lowercased() : value
            if ["false", "0", "off", "no"].contains(where: { $0.hasSameBytes(as: word) }) { return false }
            if ["true", "1", "on", "yes"].contains(where: { $0.hasSameBytes(as: word) }) { return true }
            throw mismatch(type)
        }

        // Numbers follow the rules of number fields: infinity, NaN and hexadecimal digits are not accepted.
        func decode(_ type: Double.Type) throws -> Double { try number(type) { NumberText.double($0) } }
        func decode(_ type: Float.Type) throws -> Float {
            try number(type) { NumberText.double($0).map { Float($0) }.flatMap { $0.isFinite ? $0 : nil } }
        }
        func decode(_ type: Int.Type) throws -> Int { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: Int8.Type) throws -> Int8 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: Int16.Type) throws -> Int16 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: Int32.Type) throws -> Int32 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: Int64.Type) throws -> Int64 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: Int128.Type) throws -> Int128 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt.Type) throws -> UInt { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt8.Type) throws -> UInt8 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt16.Type) throws -> UInt16 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt32.Type) throws -> UInt32 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt64.Type) throws -> UInt64 { try number(type) { NumberText.integer($0, as: type) } }
        func decode(_ type: UInt128.Type) throws -> UInt128 { try number(type) { NumberText.integer($0, as: type) } }

        func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            try FieldDecoder(values: value.map { [$0] } ?? [], codingPath: codingPath).value(type)
        }

        private func number<Value>(_ type: Value.Type, _ read: (String) -> Value?) throws -> Value {
            guard let number = value.flatMap(read) else { throw mismatch(type) }
            return number
        }

        private func mismatch(_ type: Any.Type) -> DecodingError {
            .typeMismatch(type, .init(codingPath: codingPath, debugDescription: "The text is not of this type."))
        }
    }

    private struct List: UnkeyedDecodingContainer {
        let values: [String]
        let codingPath: [any CodingKey]
        var currentIndex = 0

        init(values: [String], codingPath: [any CodingKey]) {
            self.values = values
            self.codingPath = codingPath
        }

        var count: Int? { values.count }
        var isAtEnd: Bool { currentIndex >= values.count }

        mutating func decodeNil() throws -> Bool { false }

        mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
            guard !isAtEnd else {
                throw DecodingError.valueNotFound(
                    type, .init(codingPath: codingPath, debugDescription: "There are no more fields of this name."))
            }
            defer { currentIndex += 1 }
            return try FieldDecoder(values: [values[currentIndex]], codingPath: codingPath).value(type)
        }

        mutating func nestedContainer<NestedKey: CodingKey>(
            keyedBy type: NestedKey.Type
        ) throws -> KeyedDecodingContainer<NestedKey> { throw FieldDecoder.nested(codingPath) }

        mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
            throw FieldDecoder.nested(codingPath)
        }

        mutating func superDecoder() throws -> any Decoder { throw FieldDecoder.nested(codingPath) }
    }
}

/// A decoder for the fields of a form. Each property is one field, or all fields of one name.
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

/// The range of dates from clients. Only the years 1 to 9999 are accepted, because calendars and templates show no
/// others.
enum DecodableDate {
    /// Checks that `date` is in these years.
    ///
    /// - Throws: `DecodingError` for a date outside these years, and for NaN.
    static func check(_ date: Date, _ path: [any CodingKey]) throws {
        let seconds = date.timeIntervalSince1970
        guard seconds >= Double(CivilDate.seconds.lowerBound), seconds < Double(CivilDate.seconds.upperBound) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: path, debugDescription: "The date is outside of the years 1 to 9999."))
        }
    }
}
