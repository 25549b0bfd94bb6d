/// How large the parts of a request may be; each limit has the status that answers a request past it.
public struct HTTPLimits: Sendable, Hashable {
    /// The request line without its line end, in bytes; past it 414.
    public var requestLine = 8 * 1024
    /// All header or trailer lines of a message with their line ends, in bytes, and so each single one; past it 431.
    public var fields = 16 * 1024
    /// The number of header or trailer lines; past it 431.
    public var fieldCount = 100
    /// The body without its framing, in bytes; past it 413. With nil whoever reads the body has to limit it.
    public var body: Int?
    /// One chunk's line with its extensions, in bytes; past it 400.
    public var chunkLine = 256
    /// The extensions of all chunks of a body, in bytes; past it 400. They carry nothing that is used here.
    public var chunkExtensions = 16 * 1024
    /// Empty lines before a request line, which RFC 9112 §2.2 asks to overlook; past it 400.
    public var emptyLines = 4

    public init() {}
}
