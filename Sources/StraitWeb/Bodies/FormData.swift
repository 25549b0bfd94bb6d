public import StraitHTTP
internal import StraitNetwork

/// What a form held: Django's `request.POST` and `request.FILES`.
public struct FormData: Sendable {
    /// The fields in order; Django's `QueryDict`.
    public let fields: QueryString
    /// The files in order.
    public let files: [UploadedFile]

    /// A form by hand, for tests.
    public init(fields: QueryString = QueryString(), files: [UploadedFile] = []) {
        self.fields = fields
        self.files = files
    }

    /// The last value of a field; nil where there is none. Django's `get`.
    public subscript(name: String) -> String? { fields[name] }

    /// The values of a field in order; Django's `getlist`.
    public func values(of name: String) -> [String] { fields.values(of: name) }

    /// The last file of that field; nil where none was chosen.
    public func file(_ name: String) -> UploadedFile? { files.last { $0.name.hasSameBytes(as: name) } }

    /// The files of that field in order; Django's `FILES.getlist`.
    public func files(of name: String) -> [UploadedFile] { files.filter { $0.name.hasSameBytes(as: name) } }
}
