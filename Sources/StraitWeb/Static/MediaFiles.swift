internal import StraitHTTP
public import StraitRouting

/// Serves `MEDIA_ROOT`, where uploaded files are, under `MEDIA_URL` with `DEBUG`, and nothing without it; what Django's
/// `static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)` is for.
///
/// ```swift
/// var routes: [Route] {
///     path("", Index(), name: "index")
///     path("", MediaFiles())
/// }
/// ```
///
/// Where strangers have access, a web server in front serves the folder: what users upload is best kept at an address of
/// its own, where none of the site's cookies are. Names that begin with a dot, links that lead out of the folder, and
/// folders are not served.
public struct MediaFiles: Application {
    public init() {}

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type == .http, let settings = scope.site?.settings, settings.debug, let root = settings.mediaRoot,
            let name = Self.name(in: scope, of: settings.mediaURL)
        else { return nil }
        return Resolution(scope: scope, endpoint: .http(MediaFile(name: name, folder: root)))
    }

    /// What stands behind `MEDIA_URL` in the path; nil where that is not in front.
    private static func name(in scope: Scope, of url: String) -> String? {
        guard url.hasPrefix("/"), url != "/" else { return nil }
        let prefix = MountedURL.of(url, under: scope.rootPath)
        guard scope.path.hasPrefix(prefix), scope.path != prefix else { return nil }
        return String(scope.path.dropFirst(prefix.count))
    }
}

/// Answers with one uploaded file.
private struct MediaFile: HTTPHandler {
    let name: String
    let folder: String

    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        var response = try await Response.file(name, in: folder)
        // Whoever uploaded it may have called it a picture.
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["cache-control"] = "no-cache"
        return response
    }
}
