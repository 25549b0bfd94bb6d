/// The limits for reading and writing a document. A document over a limit is an error, never a crash.
public struct JSONLimits: Sendable, Hashable {
    /// The maximum size of the document in bytes. Values above 1 GiB count as 1 GiB.
    public var bytes = 64 << 20
    /// The maximum nesting depth of arrays and objects. A recursive type uses stack for each level, so a higher limit
    /// needs a thread with a larger stack.
    public var depth = 512
    /// The maximum number of keys in all objects together. The default, 131,072, ensures that one message blocks its
    /// event loop only for milliseconds.
    public var keys = 1 << 17
    /// The maximum number of values in all arrays and objects together, including the outermost. The default, 262,144,
    /// has the same reason.
    public var values = 1 << 18
    /// The maximum length of a number in characters. The default is Python's.
    public var digits = 4300

    /// Creates the default limits.
    public init() {}

    /// The maximum size in bytes, limited so that a token can store all offsets.
    var largest: Int { min(bytes, 1 << 30) }
}
