package import StraitNetwork

/// An argument of a Redis command. Every argument is sent as bytes.
package enum RedisArgument: Sendable, Hashable {
    /// A text, sent as UTF-8.
    case string(String)
    /// Raw bytes.
    case bytes(Bytes)
    /// A number, sent as decimal digits.
    case integer(Int)
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .integer(value) }
}
