internal import StraitHTTP
public import StraitRouting

extension Request {
    /// The reader of this request's form, shared by all copies of the request.
    var formReader: FormReader {
        storage.value { FormReader(body, contentType: headers["content-type"]) }
    }

    /// The limits of the site's settings.
    var formLimits: FormLimits { site?.formLimits ?? FormLimits() }

    /// Reads the request's form, urlencoded or multipart. Django's `request.POST` and `request.FILES`.
    ///
    /// The form is read once, and further calls return the same form. A request without a body has an empty form. Files
    /// that exceed ``/StraitWeb/FormLimits/memory`` are on a disk. They are removed with their last reference.
    ///
    /// - Parameter limits: The limits of the form; nil for those of the site's settings.
    /// - Throws: ``/StraitWeb/FormError``: 400 if the form is malformed, 413 if it exceeds a limit, 415 for another
    ///   type. The connection's error if the client disconnects.
    public func form(limits: FormLimits? = nil) async throws -> FormData {
        try await formReader.form(limits ?? formLimits)
    }

    /// Returns the parts of the form as they arrive, for files that are passed on and not kept:
    ///
    /// ```swift
    /// for try await part in request.parts() {
    ///     guard case .file(let file) = part else { continue }
    ///     for try await bytes in file { try await store.write(bytes) }
    /// }
    /// ```
    ///
    /// - Parameter limits: The limits of the form; nil for those of the site's settings.
    public func parts(limits: FormLimits? = nil) -> FormParts {
        FormParts(reader: formReader, limits: limits ?? formLimits)
    }
}
