/// The size limits of a request. Each limit names the status of the response to a request over it.
public struct HTTPLimits: Sendable, Hashable {
    /// The maximum length of the request line in bytes, without its line end; 414.
    public var requestLine = 8 * 1024
    /// The maximum size of all header lines, or of all trailer lines, with their line ends, in bytes; 431.
    public var fields = 16 * 1024
    /// The maximum number of header lines, or of trailer lines; 431.
    public var fieldCount = 100
    /// The maximum size of the body in bytes, without its framing; 413. With nil the reader of the body must limit it.
    public var body: Int?
    /// The maximum length of a chunk's size line with its extensions, in bytes; 400.
    public var chunkLine = 256
    /// The maximum size of the extensions of all chunks of a body, in bytes; 400. The server ignores extensions.
    public var chunkExtensions = 16 * 1024
    /// The maximum number of empty lines before a request line, which a server should ignore (RFC 9112 §2.2); 400.
    public var emptyLines = 4

    /// Creates the default limits.
    public init() {}
}
