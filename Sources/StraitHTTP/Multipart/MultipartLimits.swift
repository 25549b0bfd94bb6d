/// The limits for a multipart body. Data over a limit is rejected before it is stored.
///
/// Regardless of these limits, the boundary has at most 70 characters (RFC 2046 §5.1.1).
public struct MultipartLimits: Sendable, Hashable {
    /// The maximum size of one part's header lines, with their line ends, in bytes. Django's limit is 1,024.
    public var partHeader = 8 * 1024
    /// The maximum number of parts that are fields, including parts without a name; Django's
    /// `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
    public var fields = 1000
    /// The maximum number of parts that are files; Django's `DATA_UPLOAD_MAX_NUMBER_FILES`.
    public var files = 100
    /// The maximum size of the body without the contents of files, in bytes; Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`.
    ///
    /// This counts the names and values of fields, the text before the first part and after the last one, and parts
    /// without a name.
    public var fieldBytes = 2_621_440

    /// Creates the default limits.
    public init() {}
}
