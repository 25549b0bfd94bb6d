public import StraitHTTP

/// How much of a form is taken; what is past a limit is answered with 413, and nothing of it is left on a disk.
public struct FormLimits: Sendable, Hashable {
    /// How many fields and files, and how much of the body may be fields. Of a urlencoded or JSON body
    /// ``StraitHTTP/MultipartLimits/fieldBytes`` is the whole.
    public var parts = MultipartLimits()
    /// The contents of all files of a form, in bytes, or nil for any. Django has no such limit: its web server has one.
    public var fileBytes: Int? = 100 << 20
    /// How much of all files is kept in memory, in bytes; what is larger goes to a temporary file. Django's
    /// `FILE_UPLOAD_MAX_MEMORY_SIZE`, which it compares with the whole body.
    public var memory = 2_621_440
    /// Where temporary files are; nil for the folder that `TMPDIR` names, or `/tmp`. Django's
    /// `FILE_UPLOAD_TEMP_DIR`.
    public var temporaryFolder: String?

    public init() {}

    /// The largest multipart body that can be within the limits, in bytes, with every header and boundary as long as it
    /// may be; nil where files may have any size.
    var largestBody: Int? {
        guard let fileBytes else { return nil }
        let headers = (parts.fields + parts.files).multipliedReportingOverflow(by: parts.partHeader + 256)
        guard !headers.overflow else { return nil }
        return [parts.fieldBytes, headers.partialValue].reduce(fileBytes) { sum, count in
            let (result, isPast) = sum.addingReportingOverflow(count)
            return isPast ? .max : result
        }
    }
}
