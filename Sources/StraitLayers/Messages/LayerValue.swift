public import StraitCore
import StraitJSON

/// A value in a message of a channel layer. The cases are those that Channels' specification allows and msgpack and
/// Django support.
public enum LayerValue: Sendable, Hashable {
    /// Python's `None`.
    case null
    /// Python's `bool`.
    case bool(Bool)
    /// A 64-bit integer.
    case int(Int)
    /// An integer above `Int.max`.
    case unsigned(UInt64)
    /// Python's `float`.
    case double(Double)
    /// Python's `str`.
    case string(String)
    /// Raw bytes: supported by msgpack, but not by JSON.
    case bytes(Bytes)
    /// Python's `list`.
    case array([LayerValue])
    /// Keys and values in insertion order.
    case object(LayerMessage)
}

extension LayerValue {
    /// The string, or nil if the value is not a string.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The integer, or nil if the value is not an integer that fits into `Int`. A double without a fraction counts as
    /// an integer.
    public var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }
    /// The number, or nil if the value is not a number.
    public var double: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .unsigned(let value): Double(value)
        default: nil
        }
    }
    /// The Boolean, or nil if the value is not a Boolean.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The bytes, or nil if the value is not bytes.
    public var bytes: Bytes? { if case .bytes(let value) = self { value } else { nil } }
    /// The elements, or nil if the value is not an array.
    public var array: [LayerValue]? { if case .array(let value) = self { value } else { nil } }
    /// The keys and values, or nil if the value is not an object.
    public var object: LayerMessage? { if case .object(let value) = self { value } else { nil } }
    /// The value of `key`, or nil if there is none or the value is not an object.
    public subscript(key: String) -> LayerValue? { object?[key] }
    /// The element at `index`, or nil if there is none or the value is not an array.
    public subscript(index: Int) -> LayerValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension LayerValue: ExpressibleByNilLiteral {
    /// Creates a null value.
    public init(nilLiteral: ()) { self = .null }
}

extension LayerValue: ExpressibleByBooleanLiteral {
    /// Creates a Boolean value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension LayerValue: ExpressibleByIntegerLiteral {
    /// Creates an integer value.
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension LayerValue: ExpressibleByFloatLiteral {
    /// Creates a floating-point value.
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension LayerValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// Creates a string value.
    public init(stringLiteral value: String) { self = .string(value) }
}

extension LayerValue: ExpressibleByArrayLiteral {
    /// Creates an array value.
    public init(arrayLiteral elements: LayerValue...) { self = .array(elements) }
}

extension LayerValue: ExpressibleByDictionaryLiteral {
    /// Creates an object value. If a key is repeated, its last value counts.
    public init(dictionaryLiteral elements: (String, LayerValue)...) {
        self = .object(LayerMessage(elements))
    }
}

extension LayerValue: Codable {
    /// Decodes any value. JSON from Strait's own coder is read directly from the document.
    public init(from decoder: any Decoder) throws {
        if let json = decoder as? JSONValueDecoder {
            self = try Self.reading(json) { document, index throws(JSONError) in try LayerValue(document, index) }
            return
        }
        let container = try decoder.singleValueContainer()
        if container.decodeNil() {
            self = .null
        } else if let value = try? container.decode(Bool.self) {
            self = .bool(value)
        } else if let value = try? container.decode(Int.self) {
            self = .int(value)
        } else if let value = try? container.decode(UInt64.self) {
            self = .unsigned(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else if let value = try? container.decode(String.self) {
            self = .string(value)
        } else if let value = try? container.decode([LayerValue].self) {
            self = .array(value)
        } else {
            self = .object(try container.decode(LayerMessage.self))
        }
    }

    /// Encodes the value.
    ///
    /// - Throws: `EncodingError` for bytes, which JSON cannot represent.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .int(let value): try container.encode(value)
        case .unsigned(let value): try container.encode(value)
        case .double(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .bytes:
            throw EncodingError.invalidValue(
                self,
                EncodingError.Context(
                    codingPath: encoder.codingPath,
                    debugDescription: "JSON cannot represent bytes. Encode them as text, for example in base64."))
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }

    /// Reads a value directly from a document, without trying one type after the other.
    static func reading<Value>(
        _ decoder: JSONValueDecoder, _ read: (JSONDocument, Int) throws(JSONError) -> Value
    ) throws -> Value {
        let value = try decoder.value()
        do throws(JSONError) {
            return try read(value.document, value.index)
        } catch {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: value.codingPath, debugDescription: error.description, underlyingError: error))
        }
    }
}

extension LayerMessage: Codable {
    /// Decodes an object with any keys.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: JSONKey.self)
        if let json = decoder as? JSONValueDecoder {
            self = try LayerValue.reading(json) { document, index throws(JSONError) in try LayerMessage(document, index)
            }
            return
        }
        self.init()
        for key in container.allKeys { self[key.stringValue] = try container.decode(LayerValue.self, forKey: key) }
    }

    /// Encodes the keys and values in order.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: JSONKey.self)
        for (key, value) in elements { try container.encode(value, forKey: JSONKey(key)) }
    }
}
