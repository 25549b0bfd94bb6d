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

    /// `STATIC_URL`.
    public let baseURL: String
    private let place: Place
    /// The hashed names by the names; nil where names are not hashed.
    private let manifest: StaticManifest?
    /// The names with a hash: what they stand for never changes.
    private let immutable: Set<String>

    /// The files of `sources`, where the first that has a name wins.
    ///
    /// - Throws: ``StaticFilesError`` where what is in `STATIC_ROOT` cannot be used, or a file refers to one that there
    ///   is not.
    public init(_ sources: [StaticSource], settings: Settings) throws(StaticFilesError) {
        baseURL = settings.staticURL
        if settings.debug {
            place = .sources(sources)
            manifest = nil
        } else if let root = settings.staticRoot {
            place = .folder(root)
            manifest = try StaticManifest(in: root)
        } else {
            let collection = try StaticCollection(sources, baseURL: settings.staticURL)
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

    /// The route that serves them, where ``baseURL`` is a path.
    public var routes: [Route] {
        guard baseURL.hasPrefix("/"), baseURL != "/" else { return [] }
        return [path(String(baseURL.dropFirst()) + "<path:path>", StaticFilesHandler(files: self), name: nil)]
    }

    /// What answers a request for the file `name`.
    ///
    /// - Parameter expandsGzip: Whether the client takes gzip.
    func response(for name: String, expandsGzip: Bool) -> Response {
        guard StaticName.isInside(name) else { return .notFound }
        let type = MediaType(path: name)
        var response: Response
        switch place {
        case .sources(let sources):
            guard let source = sources.first(where: { $0.contains(name) }) else { return .notFound }
            if let path = source.path(of: name) {
                response = .file(path, type: type)
            } else {
                guard let bytes = source.contents(of: name) else { return .notFound }
                response = Response(type: type, bytes)
                response.headers["etag"] = EntityTag(StaticCollection.hash(bytes))?.description
            }
        case .memory(let files):
            guard let file = files[name] else { return .notFound }
            response = Response(type: type, file.contents)
            if let compressed = file.compressed {
                response.headers.addVary("Accept-Encoding")
                if expandsGzip {
                    response.body = .bytes(compressed)
                    response.headers["content-encoding"] = "gzip"
                }
            }
            let tag = StaticCollection.hash(file.contents) + (response.headers["content-encoding"] == nil ? "" : "-gz")
            response.headers["etag"] = EntityTag(tag)?.description
        case .folder(let root):
            guard let path = StaticSource.folder(root).path(of: name) else { return .notFound }
            response = .file(path, type: type)
            if FileManager.default.fileExists(atPath: path + ".gz") {
                response.headers.addVary("Accept-Encoding")
                if expandsGzip {
                    response.body = .file(path: path + ".gz")
                    response.headers["content-encoding"] = "gzip"
                }
            }
        }
        response.headers["cache-control"] =
            immutable.contains(name) ? "public, max-age=31536000, immutable" : "no-cache"
        return response
    }
}
