/// An error reply from Redis, such as `WRONGTYPE Operation against a key holding the wrong kind of value`.
package struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole error text. Invalid UTF-8 was replaced with U+FFFD.
    package let message: String

    package init(_ message: String) { self.message = message }

    /// The first word, which is the kind of error: `ERR`, `WRONGTYPE`, `NOSCRIPT`.
    package var code: Substring { message.prefix { $0 != " " } }

    package var description: String { "Redis refused a command: \(message)" }
}
