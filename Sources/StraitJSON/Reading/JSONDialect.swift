/// The kinds of JSON that are read.
package enum JSONDialect: Sendable, Hashable {
    /// RFC 8259, as clients have to write it.
    case strict
    /// All that Python's `json.dumps` writes: `NaN` and `Infinity` besides, and half of a surrogate pair, which becomes
    /// U+FFFD, as browsers send it over a WebSocket. Too many combining marks in a row are broken up, not refused. The
    /// sender is another process that is not told, and one bad character that a visitor typed shall not cost all of a
    /// group the message.
    case python
}
