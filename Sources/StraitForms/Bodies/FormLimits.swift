package import StraitCore
public import StraitHTTP

/// The limits of a form. A form that exceeds one is answered with 413, and its temporary files are removed.
public struct FormLimits: Sendable, Hashable {
    /// The limits of the numbers of fields and files, and of the bytes of all fields. For a urlencoded or JSON body,
    /// ``StraitHTTP/MultipartLimits/fieldBytes`` limits the whole body.
    public var parts = MultipartLimits()
    /// The largest total size of a form's files, in bytes; nil for no limit. Django has no such limit, because the web
    /// server in front of it has one.
    public var fileBytes: Int? = 100 << 20
    /// The largest total size of the files kept in memory, in bytes. Further files go to temporary files. Django
    /// compares `FILE_UPLOAD_MAX_MEMORY_SIZE` with the whole body instead.
    public var memory = 2_621_440
    /// The folder for temporary files; nil for the one that `TMPDIR` names, or else `/tmp`. Django's
    /// `FILE_UPLOAD_TEMP_DIR`.
    public var temporaryFolder: String?

    /// Creates the default limits.
    public init() {}

    /// The largest possible size of a multipart body within the limits, in bytes; nil if files may have any size. All
    /// headers and boundaries are counted at their full length.
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

/// A service with the form limits for handlers that set none. In a site, it takes them from the settings.
package protocol FormLimitsSource: Service {
    /// The limits for handlers that set none.
    var formLimits: FormLimits { get }
}
