internal import FoundationEssentials
internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// The static files of a site: style sheets, scripts and pictures that are the same for everybody.
///
/// With `DEBUG` they are served as they are found, anew each time. Without it each has a name with a hash in it, and
/// browsers keep it for ever: from `STATIC_ROOT` where `collectstatic` was run, else from memory, hashed when the site
/// begins.
public struct StaticFiles: Sendable {
    private enum Place: Sendable {
        /// Under their own names.
        case sources([StaticSource])
        /// In memory, by their hashed names.
        case memory([String: StaticCollection.File])
        /// In `STATIC_ROOT`.
        case folder(String)
    }

    /// What the addresses of files begin with: `STATIC_URL`, beneath the root path.
    public let baseURL: String
    /// Where they are served beneath the root path, which a router takes off; nil where others serve them.
    let servedPath: String?
    private let place: Place
    /// The hashed names by the names; nil where names are not hashed.
    private let manifest: StaticManifest?
    /// The names with a hash: what they stand for never changes.
    private let immutable: Set<String>

    /// The files of `sources`, where the first that has a name wins.
    ///
    /// - Parameter rootPath: The path under which a proxy mounts the site. A `STATIC_URL` that begins with it stays.
    /// - Throws: ``StaticFilesError`` where what is in `STATIC_ROOT` cannot be used, or a file refers to one that there
    ///   is not.
    public init(
        _ sources: [StaticSource], settings: Settings, rootPath: String = ""
    ) throws(StaticFilesError) {
        let url = settings.staticURL
        baseURL = MountedURL.of(url, under: rootPath)
        let path = baseURL.dropFirst(rootPath.count)
        servedPath = url.hasPrefix("/") && path != "/" ? String(path) : nil
        if settings.debug {
            place = .sources(sources)
            manifest = nil
        } else if let root = settings.staticRoot {
            place = .folder(root)
            manifest = try StaticManifest(in: root)
        } else {
            let collection = try StaticCollection(sources, baseURLs: [baseURL, url])
            var files = collection.files
            for file in collection.files.values { files[file.hashedName] = file }
            place = .memory(files)
            manifest = collection.manifest
        }
        immutable = Set(manifest?.paths.values.map { $0 } ?? [])
    }

    /// No files.
    public init() {
        baseURL = "/static/"
        servedPath = baseURL
        place = .sources([])
        manifest = nil
        immutable = []
    }

    /// The address of the file `name`; Django's `static()` and `{% static %}`.
    ///
    /// - Throws: ``StaticFilesError`` without `DEBUG` where there is no such file: a page would lack it silently.
    public func url(_ name: String) throws(StaticFilesError) -> String {
        guard let manifest else { return baseURL + PercentEncoding.encode(name, allowing: .path) }
        let end = name.firstIndex { $0 == "?" || $0 == "#" } ?? name.endIndex
        guard let hashed = manifest.paths[String(name[..<end])] else {
            throw .missing(name, known: Array(manifest.paths.keys))
        }
        return baseURL + PercentEncoding.encode(hashed, allowing: .path) + name[end...]
    }

    /// The route that serves them, where `STATIC_URL` is a path.
    public var routes: [Route] {
        guard let servedPath else { return [] }
        return [path(String(servedPath.dropFirst()) + "<path:path>", StaticFilesHandler(files: self), name: nil)]
    }

    /// What answers a request for the file `name`.
    ///
    /// - Parameter expandsGzip: Whether the client takes gzip.
    func response(for name: String, expandsGzip: Bool) async -> Response {
        guard StaticName.isInside(name) else { return .notFound }
        let found: Response? =
            switch place {
            case .memory(let files): files[name].map { response($0, name, expandsGzip) }
            case .sources(let sources): await Self.response(sources, name)
            case .folder(let root): await Self.response(root, name, expandsGzip)
            }
        guard var response = found else { return .notFound }
        response.headers["cache-control"] =
            immutable.contains(name) ? "public, max-age=31536000, immutable" : "no-cache"
        return response
    }

    private func response(_ file: StaticCollection.File, _ name: String, _ expandsGzip: Bool) -> Response {
        var response = Response(type: MediaType(path: name), file.contents)
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

    /// Looks for the file away from the loop, as a disk may take its time.
    @concurrent
    private static func response(_ sources: [StaticSource], _ name: String) async -> Response? {
        for source in sources {
            if let path = source.path(of: name) { return .file(path) }
            guard case .embedded(let files) = source, let bytes = files[name] else { continue }
            var response = Response(type: MediaType(path: name), bytes)
            response.headers["etag"] = EntityTag(StaticCollection.hash(bytes))?.description
            return response
        }
        return nil
    }

    /// Looks for the file, and what it is compressed, away from the loop.
    @concurrent
    private static func response(_ root: String, _ name: String, _ expandsGzip: Bool) async -> Response? {
        guard let path = StaticSource.folder(root).path(of: name) else { return nil }
        var response = Response.file(path)
        if FileManager.default.fileExists(atPath: path + ".gz") {
            response.headers.addVary("Accept-Encoding")
            if expandsGzip {
                response.body = .file(path: path + ".gz")
                response.headers["content-encoding"] = "gzip"
            }
        }
        return response
    }
}
