internal import StraitHTTP
public import StraitRouting

extension Response {
    /// Returns the file `name` of `folder`. `name` may come from a request. Django's `serve`.
    ///
    /// ```swift
    /// path("photos/<path:name>") { request in
    ///     try await .file(try request.urlRoute["name"], in: "/srv/photos")
    /// }
    /// ```
    ///
    /// Names that lead out of the folder, through `..` or a link, are not found. Neither are names that begin with a
    /// dot or name a folder.
    ///
    /// - Throws: `HTTPError` with 404 if there is no such file.
    public static func file(_ name: String, in folder: String) async throws -> Response {
        guard case .file(let path) = await entry(name, in: folder) else { throw HTTPError(.notFound) }
        return .file(path)
    }

    /// Looks the file up off the event loop, because the disk may be slow.
    @concurrent
    static func entry(_ name: String, in folder: String) async -> StaticFolder.Entry {
        StaticFolder(path: folder).entry(name)
    }
}
