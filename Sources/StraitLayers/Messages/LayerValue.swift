public import StraitNetwork

/// What a message that travels over a channel layer may hold: what Channels' specification allows, and msgpack and Django
/// understand.
public enum LayerValue: Sendable, Hashable {
    /// Python's `None`.
    case null
    case bool(Bool)
    /// A whole number of 64 bits.
    case int(Int)
    /// A whole number that `Int` cannot hold.
    case unsigned(UInt64)
    case double(Double)
    case string(String)
    /// Raw bytes. JSON has none; msgpack does.
    case bytes(Bytes)
    case array([LayerValue])
    /// Keys and values, in the order in which they were set.
    case object(LayerMessage)
}

extension LayerValue {
    /// The text, or nil where it is something else.
    public var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The number, or nil where it is something else or not whole.
    public var int: Int? {
        switch self {
        case .int(let value): value
        case .double(let value): Int(exactly: value)
        default: nil
        }
    }
    /// The number, or nil where it is something else.
    public var double: Double? {
        switch self {
        case .double(let value): value
        case .int(let value): Double(value)
        case .unsigned(let value): Double(value)
        default: nil
        }
    }
    /// The truth value, or nil where it is something else.
    public var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The bytes, or nil where it is something else.
    public var bytes: Bytes? { if case .bytes(let value) = self { value } else { nil } }
    /// The elements, or nil where it is something else.
    public var array: [LayerValue]? { if case .array(let value) = self { value } else { nil } }
    /// The keys and values, or nil where it is something else.
    public var object: LayerMessage? { if case .object(let value) = self { value } else { nil } }
    /// The value of `key`; nil if there is none, or it is no object.
    public subscript(key: String) -> LayerValue? { object?[key] }
    /// The element at `index`; nil if there is none, or it is no array.
    public subscript(index: Int) -> LayerValue? {
        guard let array, array.indices.contains(index) else { return nil }
        return array[index]
    }
}

extension LayerValue: ExpressibleByNilLiteral {
    public init(nilLiteral: ()) { self = .null }
}

extension LayerValue: ExpressibleByBooleanLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
}

extension LayerValue: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: Int) { self = .int(value) }
}

extension LayerValue: ExpressibleByFloatLiteral {
    public init(floatLiteral value: Double) { self = .double(value) }
}

extension LayerValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { self = .string(value) }
}

extension LayerValue: ExpressibleByArrayLiteral {
    public init(arrayLiteral elements: LayerValue...) { self = .array(elements) }
}

extension LayerValue: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, LayerValue)...) {
        self = .object(LayerMessage(elements))
    }
}
