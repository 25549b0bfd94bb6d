internal import FoundationEssentials
import StraitCore
import StraitJSON

/// A decoder that reads `Decodable` values from a message.
struct LayerDecoder: Decoder {
    let value: LayerValue
    let codingPath: [any CodingKey]
    let userInfo: [CodingUserInfoKey: Any] = [:]

    init(_ value: LayerValue, codingPath: [any CodingKey] = []) {
        self.value = value
        self.codingPath = codingPath
    }

    /// Decodes `value` as a `Value`.
    static func decode<Value: Decodable>(
        _ type: Value.Type, from value: LayerValue, codingPath: [any CodingKey] = []
    ) throws -> Value {
        let decoder = LayerDecoder(value, codingPath: codingPath)
        if type == LayerValue.self, let value = value as? Value { return value }
        if type == LayerMessage.self, let value = try decoder.object() as? Value { return value }
        if type == Bytes.self {
            guard let value = value.bytes as? Value else { throw decoder.mismatch(type) }
            return value
        }
        if type == Date.self || type == Data.self || type == URL.self { return try decoder.textual(type) }
        return try Value(from: decoder)
    }

    /// Decodes a type that messages and JSON represent as a string.
    private func textual<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let text = try string()
        let found: Any? =
            switch type {
            case is Date.Type: JSONDate.date(text)
            case is Data.Type: Data(base64Encoded: text)
            default: URL(string: text)
            }
        if let found = found as? Value { return found }
        throw DecodingError.dataCorrupted(
            DecodingError.Context(codingPath: codingPath, debugDescription: "The text is not a valid \(type)."))
    }

    func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(KeyedLayerDecoding(object: try object(), codingPath: codingPath))
    }

    func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
        guard let array = value.array else { throw mismatch([Any].self) }
        return UnkeyedLayerDecoding(array: array, codingPath: codingPath)
    }

    func singleValueContainer() -> any SingleValueDecodingContainer { SingleLayerDecoding(decoder: self) }

    // MARK: Scalars

    func bool() throws -> Bool {
        guard let value = value.bool else { throw mismatch(Bool.self) }
        return value
    }

    func string() throws -> String {
        guard let value = value.string else { throw mismatch(String.self) }
        return value
    }

    func double() throws -> Double {
        guard let value = value.double else { throw mismatch(Double.self) }
        return value
    }

    func integer<Number: FixedWidthInteger>(_ type: Number.Type) throws -> Number {
        let number: Number?
        switch value {
        case .int(let value): number = Number(exactly: value)
        case .unsigned(let value): number = Number(exactly: value)
        case .double(let value): number = Number(exactly: value)
        default: throw mismatch(type)
        }
        guard let number else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(codingPath: codingPath, debugDescription: "The number does not fit \(type)."))
        }
        return number
    }

    private func object() throws -> LayerMessage {
        guard let object = value.object else { throw mismatch([String: Any].self) }
        return object
    }

    func mismatch(_ type: Any.Type) -> DecodingError {
        let context = DecodingError.Context(
            codingPath: codingPath, debugDescription: "Expected \(type), found \(kind).")
        if case .null = value { return .valueNotFound(type, context) }
        return .typeMismatch(type, context)
    }

    private var kind: String {
        switch value {
        case .null: "null"
        case .bool: "a Boolean"
        case .int, .unsigned, .double: "a number"
        case .string: "a string"
        case .bytes: "bytes"
        case .array: "an array"
        case .object: "an object"
        }
    }
}

/// A container that reads a single value.
struct SingleLayerDecoding: SingleValueDecodingContainer {
    let decoder: LayerDecoder

    var codingPath: [any CodingKey] { decoder.codingPath }

    func decodeNil() -> Bool { decoder.value == .null }
    func decode(_ type: Bool.Type) throws -> Bool { try decoder.bool() }
    func decode(_ type: String.Type) throws -> String { try decoder.string() }
    func decode(_ type: Double.Type) throws -> Double { try decoder.double() }
    func decode(_ type: Float.Type) throws -> Float { Float(try decoder.double()) }
    func decode(_ type: Int.Type) throws -> Int { try decoder.integer(type) }
    func decode(_ type: Int8.Type) throws -> Int8 { try decoder.integer(type) }
    func decode(_ type: Int16.Type) throws -> Int16 { try decoder.integer(type) }
    func decode(_ type: Int32.Type) throws -> Int32 { try decoder.integer(type) }
    func decode(_ type: Int64.Type) throws -> Int64 { try decoder.integer(type) }
    func decode(_ type: UInt.Type) throws -> UInt { try decoder.integer(type) }
    func decode(_ type: UInt8.Type) throws -> UInt8 { try decoder.integer(type) }
    func decode(_ type: UInt16.Type) throws -> UInt16 { try decoder.integer(type) }
    func decode(_ type: UInt32.Type) throws -> UInt32 { try decoder.integer(type) }
    func decode(_ type: UInt64.Type) throws -> UInt64 { try decoder.integer(type) }
    func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
        try LayerDecoder.decode(type, from: decoder.value, codingPath: codingPath)
    }
}
