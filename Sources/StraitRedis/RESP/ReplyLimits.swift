/// What a reply may take, so that a broken server, or what is none, cannot fill the memory.
package struct ReplyLimits: Sendable {
    /// Bytes of one reply with all that is in it: those of texts, and
    /// ``costOfValue`` for each value.
    package var bytes = 64 << 20
    /// How many aggregates may lie within each other.
    package var depth = 32

    package init() {}

    /// Bytes that a value counts beside those of its text: about what it takes in memory, so that a million nulls are
    /// not taken for three megabytes.
    package static let costOfValue = 64
}
