/// The kinds of JSON that are read.
package enum JSONDialect: Sendable, Hashable {
    /// RFC 8259, which clients have to follow.
    case strict
    /// Everything that Python's `json.dumps` writes, which includes `NaN`, `Infinity` and lone surrogates. A lone
    /// surrogate becomes U+FFFD, as when a browser sends it over a WebSocket. Too many combining marks in a row are
    /// broken up, not rejected. The sender is another process and gets no error, and one bad character from a visitor
    /// must not cost a whole group the message.
    case python
}
