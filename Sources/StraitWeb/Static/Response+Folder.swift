internal import StraitHTTP
public import StraitRouting

extension Response {
    /// The file `name` of `folder`, where `name` may be a path that a request brought; Django's `serve`.
    ///
    /// ```swift
    /// path("photos/<path:name>") { request in
    ///     try await .file(try request.urlRoute["name"], in: "/srv/photos")
    /// }
    /// ```
    ///
    /// What leads out of the folder, by `..` or by a link, what begins with a dot, and folders are not found.
    ///
    /// - Throws: `HTTPError` with 404, where there is no such file.
    public static func file(_ name: String, in folder: String) async throws -> Response {
        guard let path = await path(of: name, in: folder) else { throw HTTPError(.notFound) }
        return .file(path)
    }

    /// Looks for the file away from the loop, as a disk may take its time.
    @concurrent
    private static func path(of name: String, in folder: String) async -> String? {
        StaticSource.folder(folder).path(of: name)
    }
}
