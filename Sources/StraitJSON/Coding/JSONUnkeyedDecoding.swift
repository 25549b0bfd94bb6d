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
