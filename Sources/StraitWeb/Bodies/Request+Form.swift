internal import StraitHTTP
public import StraitRouting

extension Request {
    /// The one that reads this request's form, for all who have a copy of it.
    var formReader: FormReader {
        storage.value { FormReader(body, contentType: headers["content-type"]) }
    }

    /// What the site's settings allow.
    var formLimits: FormLimits { site?.formLimits ?? FormLimits() }

    /// The form that the request carries, urlencoded or multipart; read once, however often it is asked for. Django's
    /// `request.POST` and `request.FILES`.
    ///
    /// - Parameter limits: How much is taken; what the site's settings say unless given.
    ///
    /// Files past ``/StraitWeb/FormLimits/memory`` are on a disk, and gone when nobody has them any more.
    ///
    /// - Throws: ``/StraitWeb/FormError``: 400 for what is malformed, 413 for what is past a limit, 415 for another
    ///   type. A request without a body has an empty form. The connection's error where the client went away.
    public func form(limits: FormLimits? = nil) async throws -> FormData {
        try await formReader.form(limits ?? formLimits)
    }

    /// The parts of the form as they arrive, for files that are passed on and not kept:
    ///
    /// ```swift
    /// for try await part in request.parts() {
    ///     guard case .file(let file) = part else { continue }
    ///     for try await bytes in file { try await store.write(bytes) }
    /// }
    /// ```
    public func parts(limits: FormLimits? = nil) -> FormParts {
        FormParts(reader: formReader, limits: limits ?? formLimits)
    }
}
