internal import StraitHTTP
public import StraitRouting

extension Response {
    /// The file `name` of `folder`; `name` may be a path that a request brought. Django's `serve`.
    ///
    /// ```swift
    /// path("photos/<path:name>") { request in
    ///     try await .file(try request.urlRoute["name"], in: "/srv/photos")
    /// }
    /// ```
    ///
    /// Names that lead out of the folder, by `..` or by a link, that begin with a dot, or that are a folder's are not
    /// found.
    ///
    /// - Throws: `HTTPError` with 404 if there is no such file.
    public static func file(_ name: String, in folder: String) async throws -> Response {
        guard case .file(let path) = await entry(name, in: folder) else { throw HTTPError(.notFound) }
        return .file(path)
    }

    /// Looks for the file away from the loop, as a disk may take its time.
    @concurrent
    static func entry(_ name: String, in folder: String) async -> StaticFolder.Entry {
        StaticFolder(path: folder).entry(name)
    }
}
