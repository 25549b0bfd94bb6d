/// The field or file that a part of a form is for, from the part's headers (RFC 7578 §4.2).
public struct MultipartPart: Sendable, Equatable {
    /// The field's name, without spaces around it.
    public let name: String
    /// The file's name on the client; nil for a field that is not a file.
    ///
    /// It is the last component of a path, without control characters, and never empty, `.` or `..`. The client chooses
    /// it: do not use it as a path on the server.
    public let filename: String?
    /// The part's media type without parameters, in lower case, such as `image/png`; nil if the part names none. The
    /// client chooses it.
    public let contentType: MediaType?
    /// All headers of the part.
    public let headers: HTTPFields

    /// Creates a part, for tests.
    public init(
        name: String, filename: String? = nil, contentType: MediaType? = nil, headers: HTTPFields = HTTPFields()
    ) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.headers = headers
    }

    /// Whether the part is a file.
    public var isFile: Bool { filename != nil }
}
