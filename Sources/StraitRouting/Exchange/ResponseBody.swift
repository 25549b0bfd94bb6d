public import StraitNetwork

/// What a response carries.
public enum ResponseBody: Sendable {
    case empty
    case bytes(Bytes)
    /// Pieces as they come, without a length that is known before.
    case stream(@Sendable (ResponseBodyWriter) async throws -> Void)
    /// A file's contents, sent without passing through the process's memory where the connection allows.
    case file(path: String)
}
