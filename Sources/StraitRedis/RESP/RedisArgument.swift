package import StraitNetwork

/// An argument of a command. Redis takes each as bytes.
package enum RedisArgument: Sendable, Hashable {
    /// Sent as UTF-8.
    case string(String)
    case bytes(Bytes)
    /// Sent as decimal digits.
    case integer(Int)
}

extension RedisArgument: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    package init(stringLiteral value: String) { self = .string(value) }
}

extension RedisArgument: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) { self = .integer(value) }
}
