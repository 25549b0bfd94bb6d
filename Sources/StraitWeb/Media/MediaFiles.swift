internal import StraitCore
public import StraitHTTP
public import StraitRouting

/// An application that serves `MEDIA_ROOT` under `MEDIA_URL` if `DEBUG` is on, and nothing otherwise. Django's
/// `static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT)`.
///
/// ```swift
/// var routes: [Route] {
///     path("", Index(), name: "index")
///     path("", MediaFiles())
/// }
/// ```
///
/// In production, configure a web server in front to serve the folder, if possible under a host name that does not get
/// the site's cookies. Names that begin with a dot, folders, and links that lead out of the folder are not served.
public struct MediaFiles: Application {
    /// Creates the application. It takes the folder and the URL from the site's settings.
    public init() {}

    /// One pattern, for lists of routes.
    public var urlPatterns: [URLPattern] {
        [URLPattern(text: "(MEDIA_URL)", handledBy: MediaFile(file: "", folder: ""))]
    }

    /// Returns the endpoint of an uploaded file; nil for other paths.
    public func resolve(_ scope: Scope) async throws -> Resolution? { resolution(for: scope) }
    /// Resolves a path without waiting, as ``resolve(_:)`` does.
    public func resolveNow(_ scope: Scope) throws -> ImmediateResolution { .resolved(resolution(for: scope)) }

    private func resolution(for scope: Scope) -> Resolution? {
        guard scope.type == .http, let settings = scope.site?.settings, settings.debug, let root = settings.mediaRoot,
            let name = Self.name(in: scope, of: settings.mediaURL)
        else { return nil }
        return Resolution(scope: scope, endpoint: .http(MediaFile(file: name, folder: root)))
    }

    /// Returns the part of the path after `MEDIA_URL`; nil if the path does not begin with that.
    private static func name(in scope: Scope, of url: String) -> String? {
        guard url.hasPrefix("/"), url != "/" else { return nil }
        let prefix = MountedURL.of(url, under: scope.rootPath)
        guard scope.path.utf8.starts(with: prefix.utf8), scope.path.utf8.count > prefix.utf8.count else { return nil }
        return String(decoding: scope.path.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }
}

/// A handler that serves one uploaded file.
private struct MediaFile: HTTPHandler {
    let file: String
    let folder: String

    var name: String { "MediaFiles" }
    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        let path: String
        switch await Response.entry(file, in: folder) {
        case .file(let found): path = found
        case .leftOut(let leftOut):
            request.log.warning("\(leftOut)")
            throw HTTPError(.notFound)
        case .none: throw HTTPError(.notFound)
        }
        var response = Response.file(path)
        // The file may be HTML that its uploader named as a picture.
        response.headers["x-content-type-options"] = "nosniff"
        response.headers["cache-control"] = "no-cache"
        return response
    }
}
