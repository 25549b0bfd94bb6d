internal import FoundationEssentials
internal import Glibc
public import StraitHTTP
import StraitRouting

/// Operations on paths on disk, compared as the kernel resolves them.
enum FilePath {
    /// The kind of a file at a path.
    enum Kind {
        case file, folder, link, other
    }

    /// Returns the kind of the file at `path`; nil if there is none, or if it cannot be examined.
    ///
    /// - Parameter followsLinks: Whether to return the kind of a link's target.
    static func kind(of path: String, followsLinks: Bool) -> Kind? {
        var status = stat()
        if path.utf8.contains(0) { return nil }
        guard (followsLinks ? unsafe stat(path, &status) : unsafe lstat(path, &status)) == 0 else { return nil }
        return switch status.st_mode & S_IFMT {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .other
        }
    }

    /// Returns the absolute path without links, `.` and `..`; nil if nothing exists at `path`.
    static func existing(_ path: String) -> String? {
        if path.utf8.contains(0) { return nil }
        // SAFETY: realpath returns a text that ends with NUL. It is copied, and freed once.
        guard let text = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(text) }
        return unsafe String(cString: text)
    }

    /// Returns the absolute path with links, `.` and `..` resolved. Only the part that exists can have its links
    /// resolved.
    static func real(_ path: String) -> String {
        var rest: [Substring] = []
        let absolute = path.utf8.first == 0x2F ? path : FileManager.default.currentDirectoryPath + "/" + path
        var parts = absolute.split(separator: "/")
        while true {
            let front = "/" + parts.joined(separator: "/")
            if var found = existing(front) {
                for part in rest.reversed() where part != "." {
                    if part == ".." {
                        found = String(found[..<(found.utf8.lastIndex(of: 0x2F) ?? found.startIndex)])
                    } else {
                        found += (found.utf8.last == 0x2F ? "" : "/") + part
                    }
                }
                return found.isEmpty ? "/" : found
            }
            guard let last = parts.popLast() else { return absolute }
            rest.append(last)
        }
    }

    /// Whether `inner` is `outer` or is inside it. Both must be real paths.
    static func isInside(_ inner: String, _ outer: String) -> Bool {
        let (inner, outer) = (inner.utf8, outer.utf8)
        guard inner.starts(with: outer) else { return false }
        return inner.count == outer.count || outer.last == 0x2F || Array(inner)[outer.count] == 0x2F
    }
}

/// The mounting of URLs in settings, such as `STATIC_URL`, under a proxy's root path.
enum MountedURL {
    /// Returns `url` under `rootPath`. A URL of another host, or one that is already under `rootPath`, is returned
    /// unchanged.
    static func of(_ url: String, under rootPath: String) -> String {
        !url.hasPrefix("/") || url.hasPrefix(rootPath + "/") ? url : rootPath + url
    }
}

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
