public import StraitHTTP
internal import StraitNetwork

/// The fields and files of a form. Django's `request.POST` and `request.FILES`.
public struct FormData: Sendable {
    /// The fields in order. Django's `QueryDict`.
    public let fields: QueryString
    /// The files in order.
    public let files: [UploadedFile]

    /// Creates a form by hand, for tests.
    public init(fields: QueryString = QueryString(), files: [UploadedFile] = []) {
        self.fields = fields
        self.files = files
    }

    /// The last value of a field; nil if there is none. Django's `get`.
    public subscript(name: String) -> String? { fields[name] }

    /// Returns the values of a field in order. Django's `getlist`.
    public func values(of name: String) -> [String] { fields.values(of: name) }

    /// Returns the last file of a field; nil if none was chosen.
    public func file(_ name: String) -> UploadedFile? { files.last { $0.name.hasSameBytes(as: name) } }

    /// Returns the files of a field in order. Django's `FILES.getlist`.
    public func files(of name: String) -> [UploadedFile] { files.filter { $0.name.hasSameBytes(as: name) } }
}
