/// The limits of a document that is read or written. A document over one of them is an error, never a crash.
public struct JSONLimits: Sendable, Hashable {
    /// The maximum size of the document in bytes. Values above 1 GiB count as 1 GiB.
    public var bytes = 64 << 20
    /// The maximum nesting depth of arrays and objects. A recursive type takes stack for each level: raise this limit
    /// only if the thread's stack is large enough.
    public var depth = 512
    /// The maximum number of keys in all objects together. 131,072, so that one message holds its loop for milliseconds.
    public var keys = 1 << 17
    /// The maximum number of values in all arrays and objects together, the outermost included. 262,144, for the same
    /// reason.
    public var values = 1 << 18
    /// The maximum length of a number in characters, as in Python.
    public var digits = 4300

    /// The default limits.
    public init() {}

    /// The size that a token's offsets can hold, with room to spare.
    var largest: Int { min(bytes, 1 << 30) }
}
