public import StraitNetwork

/// The body of a response.
public enum ResponseBody: Sendable {
    /// No body.
    case empty
    /// Bytes in memory.
    case bytes(Bytes)
    /// Pieces of a stream, whose total length is not known in advance.
    case stream(@Sendable (ResponseBodyWriter) async throws -> Void)
    /// A file's contents. They bypass the process's memory if the connection supports it.
    case file(path: String)
}
