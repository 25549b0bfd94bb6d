/// The limits of a document that is read or written. A document over one of them is an error, never a crash.
public struct JSONLimits: Sendable, Hashable {
    /// The size of the whole document, in bytes; at most 1 GiB, whatever is set.
    public var bytes = 64 << 20
    /// The number of arrays and objects that may lie within each other. A type that contains itself takes stack for each:
    /// raise it only as far as the thread's stack is known to be enough.
    public var depth = 512
    /// The number of keys in all objects together.
    public var keys = 1 << 20
    /// The number of values in all arrays and objects together, the outermost included.
    public var values = 1 << 22
    /// The length of a number, in characters. Python's own limit.
    public var digits = 4300

    /// The default limits.
    public init() {}

    /// The size that a token's offsets can hold, with room to spare.
    var largest: Int { min(bytes, 1 << 30) }
}
