/// What Redis refused a command with: `WRONGTYPE Operation against a key holding the wrong kind of value`.
package struct RedisServerError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The whole text as Redis sent it. What is not UTF-8 in it became U+FFFD.
    package let message: String

    package init(_ message: String) { self.message = message }

    /// The first word, by which kinds of errors are told apart: `ERR`, `WRONGTYPE`, `NOSCRIPT`.
    package var code: Substring { message.prefix { $0 != " " } }

    package var description: String { "Redis refused a command: \(message)" }
}
