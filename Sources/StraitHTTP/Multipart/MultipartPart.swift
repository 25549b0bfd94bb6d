/// What the header of a part says: which field or file of a form it is (RFC 7578 §4.2).
public struct MultipartPart: Sendable, Equatable {
    /// The field's name, without spaces around it.
    public let name: String
    /// What the file was called where it comes from: the last component of a path, without control characters, never
    /// empty, `.` or `..`. Nil for a field that is no file. It is the client's word: never a place on a disk.
    public let filename: String?
    /// The part's type without its parameters, in lower case, `image/png`; nil where it names none. The client's word
    /// too.
    public let contentType: MediaType?
    /// All header fields of the part.
    public let headers: HTTPFields

    /// A part by hand, for tests.
    public init(
        name: String, filename: String? = nil, contentType: MediaType? = nil, headers: HTTPFields = HTTPFields()
    ) {
        self.name = name
        self.filename = filename
        self.contentType = contentType
        self.headers = headers
    }

    /// Whether the part's bytes are a file's contents.
    public var isFile: Bool { filename != nil }
}
