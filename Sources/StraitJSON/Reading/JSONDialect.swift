/// The variants of JSON that the reader supports.
package enum JSONDialect: Sendable, Hashable {
    /// RFC 8259, required of clients.
    case strict
    /// The output of Python's `json.dumps`, including `NaN`, `Infinity` and lone surrogates.
    ///
    /// A lone surrogate becomes U+FFFD, as when a browser sends it over a WebSocket. U+034F breaks up too many
    /// combining marks in a row. Neither is an error, because the sender is another process that would not see it. One
    /// bad character from a user must not cost a whole group the message.
    case python
}
