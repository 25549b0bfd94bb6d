/// Limits of one reply, so that a faulty or wrong server cannot exhaust the memory.
package struct ReplyLimits: Sendable {
    /// The maximum size of a reply: the bytes of its texts plus ``costOfValue`` for each value. 64 MiB.
    package var bytes = 64 << 20
    /// The maximum nesting of aggregates: 32.
    package var depth = 32

    package init() {}

    /// The size that each value counts in addition to its text, in bytes. This is about its size in memory, so that a
    /// million nulls do not count as three megabytes.
    package static let costOfValue = 64
}
