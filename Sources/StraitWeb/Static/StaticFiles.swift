internal import StraitCore
import StraitHTTP
public import StraitRouting

/// The static files of a site: style sheets, scripts and pictures that are the same for all visitors.
///
/// With `DEBUG`, files are read from their sources for each request. Otherwise each file has a name with a hash in it,
/// and browsers cache it forever.
///
/// If `STATIC_ROOT` is set, files are served from there, as `collectstatic` wrote them. Otherwise they are hashed when
/// the site starts, and served from memory.
public struct StaticFiles: Sendable {
    private enum Place: Sendable {
        /// The sources, served under their own names.
        case sources([StaticSource])
        /// The files in memory, by their own names and their hashed names.
        case memory([String: StaticCollection.File])
        /// The folder `STATIC_ROOT`.
        case folder(String)
    }

    /// The prefix of the files' URLs: `STATIC_URL` under the root path.
    public let baseURL: String
    /// The path that files are served under, without the root path, which a router removes; nil if Strait does not
    /// serve them.
    let servedPath: String?
    private let place: Place
    private let mediaTypes: MediaTypes
    /// The manifest with the hashed names; nil if names are not hashed.
    private let manifest: StaticManifest?
    /// The hashed names, whose files never change.
    private let immutable: Set<String>
    /// A sentence for each file or link in the sources that is left out; empty if files are not read at the start.
    package let warnings: [String]

    /// Prepares the files of `sources`. If several have a file of the same name, the first one is used.
    ///
    /// - Parameters:
    ///   - sources: The sources of the files.
    ///   - settings: The settings that determine how files are served.
    ///   - rootPath: The path that a proxy mounts the site under. It is not added to a `STATIC_URL` that begins with
    ///     it.
    /// - Throws: ``StaticFilesError`` if `STATIC_ROOT` has no usable manifest, or if a file refers to one that does not
    ///   exist.
    public init(
        _ sources: [StaticSource], settings: Settings, rootPath: String = ""
    ) throws(StaticFilesError) {
        let url = settings.staticURL
        mediaTypes = MediaTypes(adding: settings.mediaTypes)
        baseURL = MountedURL.of(url, under: rootPath)
        let path = baseURL.dropFirst(rootPath.count)
        servedPath = url.hasPrefix("/") && path != "/" ? String(path) : nil
        if settings.debug {
            place = .sources(sources)
            manifest = nil
            warnings = []
        } else if let root = settings.staticRoot {
            place = .folder(root)
            manifest = try StaticManifest(in: root)
            warnings = []
        } else {
            let collection = try StaticCollection(sources, baseURLs: [baseURL, url], mediaTypes: mediaTypes)
            var files = collection.files
            for file in collection.files.values { files[file.hashedName] = file }
            place = .memory(files)
            manifest = collection.manifest
            warnings = collection.leftOut.map(\.description)
        }
        immutable = Set(manifest?.paths.values.map { $0 } ?? [])
    }

    /// Creates an empty collection, served under `/static/`.
    public init() {
        baseURL = "/static/"
        servedPath = baseURL
        mediaTypes = MediaTypes()
        place = .sources([])
        manifest = nil
        immutable = []
        warnings = []
    }

    /// Returns the URL of the file `name`. Django's `static()` and `{% static %}`.
    ///
    /// - Throws: ``StaticFilesError`` if there is no such file. With `DEBUG` this is not checked.
    public func url(_ name: String) throws(StaticFilesError) -> String {
        guard let manifest else { return baseURL + PercentEncoding.encode(name, allowing: .path) }
        let end = name.utf8.firstIndex { $0 == 0x3F || $0 == 0x23 } ?? name.endIndex
        guard let hashed = manifest.paths[String(name[..<end])] else {
            throw .missing(name, known: Array(manifest.paths.keys))
        }
        return baseURL + PercentEncoding.encode(hashed, allowing: .path) + name[end...]
    }

    /// The route that serves the files; empty if `STATIC_URL` is not a path.
    public var routes: [Route] {
        guard let servedPath else { return [] }
        return [path(String(servedPath.dropFirst()) + "<path:path>", StaticFilesHandler(files: self), name: nil)]
    }

    /// Returns the response for the file `name`, without regard to the request's conditions.
    ///
    /// - Parameters:
    ///   - expandsGzip: Whether the client accepts gzip and requests the whole file.
    ///   - report: Called if the sources have an entry of that name that is left out.
    func response(
        for name: String, expandsGzip: Bool, report: (StaticFolder.SkippedEntry) -> Void = { _ in }
    ) async -> Response {
        // No file has such a name, and a dictionary lookup with it would take quadratic time.
        guard StaticName.isInside(name), name.isStreamSafe else { return .notFound }
        let found: Found =
            switch place {
            case .memory(let files): files[name].map { Found.response(response($0, name, expandsGzip)) } ?? Found.none
            case .sources(let sources): await Self.find(sources, name, mediaTypes)
            case .folder(let root):
                await Self.find(root, name, mediaTypes, gzip: manifest?.strait?.gzip[name], expandsGzip)
            }
        switch found {
        case .none: return .notFound
        case .leftOut(let leftOut):
            report(leftOut)
            return .notFound
        case .response(var response):
            response.headers["cache-control"] =
                immutable.contains(name) ? "public, max-age=31536000, immutable" : "no-cache"
            return response
        }
    }

    /// The result of looking up a name.
    private enum Found {
        case response(Response)
        case leftOut(StaticFolder.SkippedEntry)
        case none
    }

    private func response(_ file: StaticCollection.File, _ name: String, _ expandsGzip: Bool) -> Response {
        var response = Response(type: mediaTypes.type(ofPath: name), file.contents)
        var tag = file.hash
        if let compressed = file.compressed {
            response.headers.addVary("Accept-Encoding")
            if expandsGzip {
                response.body = .bytes(compressed)
                response.headers["content-encoding"] = "gzip"
                tag += "-gz"
            }
        }
        response.headers["etag"] = EntityTag(tag)?.description
        return response
    }

    /// Looks the file up off the event loop, because the disk may be slow.
    @concurrent
    private static func find(_ sources: [StaticSource], _ name: String, _ mediaTypes: MediaTypes) async -> Found {
        var result = Found.none
        for source in sources {
            switch source {
            case .folder(let path):
                switch StaticFolder(path: path).entry(name) {
                case .file(let path): return .response(.file(path))
                case .leftOut(let leftOut): if case .none = result { result = .leftOut(leftOut) }
                case .none: continue
                }
            case .embedded(let files):
                guard let bytes = files[name] else { continue }
                var response = Response(type: mediaTypes.type(ofPath: name), bytes)
                response.headers["etag"] = EntityTag(StaticCollection.hash(bytes))?.description
                return .response(response)
            }
        }
        return result
    }

    /// Looks up the file, and the compressed copy that the manifest names, off the event loop.
    @concurrent
    private static func find(
        _ root: String, _ name: String, _ mediaTypes: MediaTypes, gzip: String?, _ expandsGzip: Bool
    ) async -> Found {
        let folder = StaticFolder(path: root)
        let path: String
        switch folder.entry(name) {
        case .file(let found): path = found
        case .leftOut(let leftOut): return .leftOut(leftOut)
        case .none: return .none
        }
        // The name of the compressed file does not show the type.
        var response = Response.file(path, type: mediaTypes.type(ofPath: name))
        if let gzip, case .file(let compressed) = folder.entry(gzip) {
            response.headers.addVary("Accept-Encoding")
            if expandsGzip {
                response.body = .file(path: compressed)
                response.headers["content-encoding"] = "gzip"
            }
        }
        return .response(response)
    }
}

/// A handler for static files. It sends the whole file, a range, or 304 if the client's copy is current.
struct StaticFilesHandler: HTTPHandler {
    let files: StaticFiles

    let methods: AllowedMethods? = AllowedMethods([.get])

    func respond(to request: Request) async throws -> Response {
        if let answer = methods?.answer(to: request.method) { return answer }
        let name: String = try request.urlRoute["path"]
        // A range is always served from the uncompressed file, so that ranges of two codings are never combined.
        let expandsGzip =
            !request.headers.contains("range")
            && request.headers.values(of: "accept-encoding").contains(where: GZipMiddleware.acceptsGzip)
        let response = await files.response(for: name, expandsGzip: expandsGzip) {
            request.log.warning("\($0)")
        }
        return response.answeringConditions(of: request.method, request.headers)
    }
}

/// Middleware that serves static files under `STATIC_URL`. All other requests go to the inner application.
public struct StaticFilesMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let files: Stage
    package var stage: any MiddlewareStage { files }

    /// Wraps `inner` in the static files.
    ///
    /// - Throws: `RoutingError` if `STATIC_URL` cannot be used as a route.
    public init(_ inner: any Application, files: StaticFiles) throws(RoutingError) {
        self.inner = inner
        self.files = Stage(prefix: files.servedPath, router: try URLRouter(files.routes))
    }

    /// The patterns of the inner application, followed by that of the static files.
    public var urlPatterns: [URLPattern] { inner.urlPatterns + files.router.urlPatterns }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .enter
        private let prefix: String?
        let router: URLRouter

        init(prefix: String?, router: URLRouter) {
            self.prefix = prefix
            self.router = router
        }

        /// Returns the endpoint of the static files for a path under `STATIC_URL`.
        func enter(_ scope: inout Scope) throws -> Endpoint? {
            let root = scope.rootPath
            guard scope.type == .http, let prefix, scope.path.hasPrefix(root.isEmpty ? prefix : root + prefix),
                case .resolved(let resolution?) = try router.resolveNow(scope)
            else { return nil }
            scope = resolution.scope
            return resolution.endpoint
        }
    }
}
