/// The decoder and the single-value container of a value.
package struct JSONValueDecoder: Decoder {
    /// The part of a message to decode or encode.
    enum Role: UInt8 {
        /// A value in Swift's form.
        case plain
        /// The message itself. If it is an enum, its keys are the cases.
        case message
        /// The labels of a case.
        case members
        /// The unlabelled payload of a case.
        case payload
    }

    package let document: JSONDocument
    /// The index of the value's token.
    private let number: UInt32
    private let role: Role

    package var index: Int { Int(number) }

    init(_ document: JSONDocument, _ index: Int, _ role: Role) {
        self.document = document
        number = UInt32(truncatingIfNeeded: index)
        self.role = role
    }

    /// Returns the decoder of the value itself. For an unlabelled payload, that is the value under the key `value`.
    package func value() throws -> JSONValueDecoder {
        role == .payload ? JSONValueDecoder(document, try document.payload(of: index), .plain) : self
    }

    package var codingPath: [any CodingKey] { document.path(to: index) }
    package var userInfo: [CodingUserInfoKey: Any] { document.coder.userInfo }

    package func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        let facts = TypeFacts.of(key: type)
        switch role {
        case .payload where !facts.contains(.isClosed):
            return KeyedDecodingContainer(
                try JSONKeyedDecoding<Key>(document, try document.payload(of: index), .plain, facts))
        case .message where facts.contains(.isClosed):
            return KeyedDecodingContainer(try JSONKeyedDecoding<Key>(document, index, .message, facts))
        default:
            return KeyedDecodingContainer(try JSONKeyedDecoding<Key>(document, index, .plain, facts))
        }
    }

    package func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try JSONUnkeyedDecoding(document, role == .payload ? try document.payload(of: index) : index)
    }

    package func singleValueContainer() throws -> any SingleValueDecodingContainer {
        try value()
    }
}

extension JSONDocument {
    /// Returns the index of the unlabelled payload of the message at `index`.
    func payload(of index: Int) throws -> Int {
        guard tokens[index].kind == .object else { throw mismatch(index, "an object", [String: Any].self) }
        guard let value = value(of: TagKey.value, in: index) else {
            throw missing(JSONKey(TagKey.value), TagKey.value, in: index)
        }
        return value
    }
}

extension JSONValueDecoder: SingleValueDecodingContainer {
    package func decodeNil() -> Bool { document.isNull(index) }
    package func decode(_ type: Bool.Type) throws -> Bool { try document.bool(at: index) }
    package func decode(_ type: String.Type) throws -> String { try document.string(at: index) }
    package func decode(_ type: Double.Type) throws -> Double { try document.double(at: index) }
    package func decode(_ type: Float.Type) throws -> Float { try document.float(at: index) }
    package func decode(_ type: Int.Type) throws -> Int { try document.integer(type, at: index) }
    package func decode(_ type: Int8.Type) throws -> Int8 { try document.integer(type, at: index) }
    package func decode(_ type: Int16.Type) throws -> Int16 { try document.integer(type, at: index) }
    package func decode(_ type: Int32.Type) throws -> Int32 { try document.integer(type, at: index) }
    package func decode(_ type: Int64.Type) throws -> Int64 { try document.integer(type, at: index) }
    package func decode(_ type: Int128.Type) throws -> Int128 { try document.integer(type, at: index) }
    package func decode(_ type: UInt.Type) throws -> UInt { try document.integer(type, at: index) }
    package func decode(_ type: UInt8.Type) throws -> UInt8 { try document.integer(type, at: index) }
    package func decode(_ type: UInt16.Type) throws -> UInt16 { try document.integer(type, at: index) }
    package func decode(_ type: UInt32.Type) throws -> UInt32 { try document.integer(type, at: index) }
    package func decode(_ type: UInt64.Type) throws -> UInt64 { try document.integer(type, at: index) }
    package func decode(_ type: UInt128.Type) throws -> UInt128 { try document.integer(type, at: index) }
    package func decode<Value: Decodable>(_ type: Value.Type) throws -> Value { try document.decode(type, at: index) }
}

/// The decoding container of an array.
struct JSONUnkeyedDecoding: UnkeyedDecodingContainer {
    private let document: JSONDocument
    private let array: UInt32
    /// The index of the next element's token.
    private var next: UInt32
    private var ordinal: UInt32 = 0

    init(_ document: JSONDocument, _ index: Int) throws {
        guard document.tokens[index].kind == .array else { throw document.mismatch(index, "an array", [Any].self) }
        self.document = document
        array = UInt32(truncatingIfNeeded: index)
        next = array &+ 1
    }

    var codingPath: [any CodingKey] { document.path(to: Int(array)) }
    var count: Int? { document.tokens[Int(array)].count }
    var isAtEnd: Bool { ordinal >= document.tokens[Int(array)].end }
    var currentIndex: Int { Int(ordinal) }

    /// Reads the next element, and moves past it if reading succeeds.
    @inline(__always)
    private mutating func take<Value>(_ read: (JSONDocument, Int) throws -> Value) throws -> Value {
        guard !isAtEnd else {
            let offset = document.tokens[Int(array)].offset
            let path = codingPath + [JSONKey(currentIndex)]
            let error = JSONError(
                .shape, at: offset, path: JSONPath.text(path),
                "Expected more than \(currentIndex) elements in the array at offset \(offset)")
            throw DecodingError.valueNotFound(
                Value.self,
                DecodingError.Context(codingPath: path, debugDescription: error.description, underlyingError: error))
        }
        let index = Int(next)
        let value = try read(document, index)
        next = document.tokens[index].next
        ordinal &+= 1
        return value
    }

    mutating func decodeNil() throws -> Bool {
        guard !isAtEnd, document.isNull(Int(next)) else { return false }
        next &+= 1
        ordinal &+= 1
        return true
    }

    mutating func decode(_ type: Bool.Type) throws -> Bool { try take { try $0.bool(at: $1) } }
    mutating func decode(_ type: String.Type) throws -> String { try take { try $0.string(at: $1) } }
    mutating func decode(_ type: Double.Type) throws -> Double { try take { try $0.double(at: $1) } }
    mutating func decode(_ type: Float.Type) throws -> Float { try take { try $0.float(at: $1) } }
    mutating func decode(_ type: Int.Type) throws -> Int { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: Int8.Type) throws -> Int8 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: Int16.Type) throws -> Int16 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: Int32.Type) throws -> Int32 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: Int64.Type) throws -> Int64 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: Int128.Type) throws -> Int128 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt.Type) throws -> UInt { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt8.Type) throws -> UInt8 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt16.Type) throws -> UInt16 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt32.Type) throws -> UInt32 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt64.Type) throws -> UInt64 { try take { try $0.integer(type, at: $1) } }
    mutating func decode(_ type: UInt128.Type) throws -> UInt128 { try take { try $0.integer(type, at: $1) } }

    mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try take { try $0.decode(type, at: $1) }
    }

    mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested>
    {
        try take { try JSONValueDecoder($0, $1, .plain).container(keyedBy: type) }
    }

    mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
        try take { try JSONUnkeyedDecoding($0, $1) }
    }

    mutating func superDecoder() throws -> any Decoder { try take { JSONValueDecoder($0, $1, .plain) } }
}
