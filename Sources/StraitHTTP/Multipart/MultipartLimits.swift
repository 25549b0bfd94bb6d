/// How much of a multipart body is taken; what is past a limit is refused before it is kept.
///
/// The boundary has at most 70 characters (RFC 2046 §5.1.1), whatever stands here.
public struct MultipartLimits: Sendable, Hashable {
    /// The header lines of one part with their line ends, in bytes. Django takes 1,024.
    public var partHeader = 8 * 1024
    /// How many parts may be fields, counting those that have no name; Django's `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    public var fields = 1000
    /// How many parts may be files; Django's `DATA_UPLOAD_MAX_NUMBER_FILES`.
    public var files = 100
    /// All of the body that is no file's contents: names and values of fields, and what stands before the first part,
    /// behind the last one and in parts without a name. In bytes; Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    public var fieldBytes = 2_621_440

    public init() {}
}
