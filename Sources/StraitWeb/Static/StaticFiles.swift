internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// The static files of a site: style sheets, scripts and pictures that are the same for everybody.
///
/// With `DEBUG` they are served as they are found, anew each time. Without it each has a name with a hash in it, and
/// browsers keep it for ever: from `STATIC_ROOT` if that is set, where `collectstatic` put them, else from memory, hashed
/// when the site starts.
public struct StaticFiles: Sendable {
    private enum Place: Sendable {
        /// Under their own names.
        case sources([StaticSource])
        /// In memory, by their hashed names.
        case memory([String: StaticCollection.File])
        /// In `STATIC_ROOT`.
        case folder(String)
    }

    /// The beginning of the addresses of files: `STATIC_URL`, beneath the root path.
    public let baseURL: String
    /// Where they are served beneath the root path, which a router takes off; nil where others serve them.
    let servedPath: String?
    private let place: Place
    private let mediaTypes: MediaTypes
    /// The hashed names by the names; nil where names are not hashed.
    private let manifest: StaticManifest?
    /// The names with a hash, whose files never change.
    private let immutable: Set<String>
    /// A sentence for each thing in the sources that is left out; empty if they are read with each request.
    package let warnings: [String]

    /// The files of `sources`. The first source that has a name wins.
    ///
    /// - Parameter rootPath: The path under which a proxy mounts the site. A `STATIC_URL` that begins with it stays.
    /// - Throws: ``StaticFilesError`` if `STATIC_ROOT` has no usable list of its files, or a file refers to one that does
    ///   not exist.
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

    /// No files.
    public init() {
        baseURL = "/static/"
        servedPath = baseURL
        mediaTypes = MediaTypes()
        place = .sources([])
        manifest = nil
        immutable = []
        warnings = []
    }

    /// The address of the file `name`; Django's `static()` and `{% static %}`.
    ///
    /// - Throws: ``StaticFilesError`` without `DEBUG` if there is no such file: a page would lack it silently.
    public func url(_ name: String) throws(StaticFilesError) -> String {
        guard let manifest else { return baseURL + PercentEncoding.encode(name, allowing: .path) }
        let end = name.utf8.firstIndex { $0 == 0x3F || $0 == 0x23 } ?? name.endIndex
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

    /// The answer to a request for the file `name`, before the conditions of the request.
    ///
    /// - Parameters:
    ///   - expandsGzip: Whether the client takes gzip, and wants no part of the file.
    ///   - report: Called if the sources have something under the name that is left out.
    func response(
        for name: String, expandsGzip: Bool, report: (StaticFolder.LeftOut) -> Void = { _ in }
    ) async -> Response {
        // No file has such a name, and finding it in a dictionary would take quadratic time.
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

    /// The result of looking a name up among the static files.
    private enum Found {
        case response(Response)
        case leftOut(StaticFolder.LeftOut)
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

    /// Looks for the file away from the loop, as a disk may take its time.
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

    /// Looks for the file away from the loop, and for the compressed one that the manifest names.
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
        // The name of the compressed file does not tell.
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
