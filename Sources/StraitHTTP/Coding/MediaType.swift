/// A media type as it stands in `Content-Type` (RFC 9110 §8.3.1).
public struct MediaType: RawRepresentable, Hashable, Sendable {
    public let rawValue: String

    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    public static let html = MediaType(rawValue: "text/html; charset=utf-8")
    public static let text = MediaType(rawValue: "text/plain; charset=utf-8")
    public static let json = MediaType(rawValue: "application/json")
    public static let eventStream = MediaType(rawValue: "text/event-stream")
    public static let octetStream = MediaType(rawValue: "application/octet-stream")

    /// The type that a file's name suggests by its extension, in any case; ``octetStream`` for an unknown one.
    public init(path: String) {
        let name = path.utf8.lastIndex(of: 0x2F).map { path[path.utf8.index(after: $0)...] } ?? path[...]
        guard let dot = name.utf8.lastIndex(of: 0x2E) else {
            self = .octetStream
            return
        }
        let ending = name[name.utf8.index(after: dot)...]
        // No ending that is known is longer, and comparing a long one may take quadratic time.
        guard ending.utf8.count <= 32 else {
            self = .octetStream
            return
        }
        switch ending.lowercased() {
        case "html", "htm": self = .html
        case "txt", "md", "log": self = .text
        case "css": self.init(rawValue: "text/css; charset=utf-8")
        case "js", "mjs": self.init(rawValue: "text/javascript; charset=utf-8")
        case "csv": self.init(rawValue: "text/csv; charset=utf-8")
        case "json", "map": self = .json
        case "webmanifest": self.init(rawValue: "application/manifest+json")
        case "xml": self.init(rawValue: "application/xml")
        case "pdf": self.init(rawValue: "application/pdf")
        case "wasm": self.init(rawValue: "application/wasm")
        case "zip": self.init(rawValue: "application/zip")
        case "gz": self.init(rawValue: "application/gzip")
        case "svg": self.init(rawValue: "image/svg+xml")
        case "png": self.init(rawValue: "image/png")
        case "jpg", "jpeg": self.init(rawValue: "image/jpeg")
        case "gif": self.init(rawValue: "image/gif")
        case "webp": self.init(rawValue: "image/webp")
        case "avif": self.init(rawValue: "image/avif")
        case "ico": self.init(rawValue: "image/vnd.microsoft.icon")
        case "mp4": self.init(rawValue: "video/mp4")
        case "webm": self.init(rawValue: "video/webm")
        case "mp3": self.init(rawValue: "audio/mpeg")
        case "wav": self.init(rawValue: "audio/wav")
        case "woff": self.init(rawValue: "font/woff")
        case "woff2": self.init(rawValue: "font/woff2")
        default: self = .octetStream
        }
    }
}

extension MediaType: CustomStringConvertible {
    public var description: String { rawValue }
}
