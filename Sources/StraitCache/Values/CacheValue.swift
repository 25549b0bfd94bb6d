public import StraitCore

/// A value in a cache: the types that Python's `pickle` and JSON share, with tuples and bytes.
public enum CacheValue: Sendable, Equatable {
    /// Python's `None`.
    case null
    /// A Boolean.
    case bool(Bool)
    /// A 64-bit integer.
    case int(Int)
    /// The decimal digits of an integer that does not fit in 64 bits.
    case largeInt(String)
    /// A floating-point number.
    case double(Double)
    /// Text.
    case string(String)
    /// Bytes.
    case bytes(Bytes)
    /// A list.
    indirect case list([CacheValue])
    /// A Python tuple.
    indirect case tuple([CacheValue])
    /// A dictionary, in insertion order. If a key is repeated, the last value counts.
    indirect case dictionary([Pair])

    /// A key and its value.
    public struct Pair: Sendable, Equatable {
        /// The key.
        public var key: CacheValue
        /// The value.
        public var value: CacheValue

        /// Creates a pair.
        public init(_ key: CacheValue, _ value: CacheValue) {
            self.key = key
            self.value = value
        }
    }

    /// The integer, or nil for other types.
    public var int: Int? { if case .int(let value) = self { value } else { nil } }

    /// The text, or nil for other types.
    public var string: String? { if case .string(let value) = self { value } else { nil } }

    /// The approximate size in memory, in bytes.
    var cost: Int {
        switch self {
        case .null, .bool, .int, .double: 32
        case .string(let text), .largeInt(let text): 32 + text.utf8.count
        case .bytes(let bytes): 32 + bytes.count
        case .list(let elements), .tuple(let elements): elements.reduce(64) { $0 + $1.cost }
        case .dictionary(let pairs): pairs.reduce(64) { $0 + $1.key.cost + $1.value.cost }
        }
    }
}

/// An error for a cached value that cannot be read or written.
public struct CacheValueError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The problem and its solution.
    public let description: String

    package init(_ description: String) { self.description = description }
}
