/// A media type, the value of `Content-Type` (RFC 9110 §8.3.1).
public struct MediaType: RawRepresentable, Hashable, Sendable {
    /// The media type as text, with its parameters.
    public let rawValue: String

    /// Creates a media type from text, without checking it.
    public init(rawValue: String) {
        self.rawValue = rawValue
    }

    /// `text/html` in UTF-8.
    public static let html = MediaType(rawValue: "text/html; charset=utf-8")
    /// `text/plain` in UTF-8.
    public static let text = MediaType(rawValue: "text/plain; charset=utf-8")
    /// `application/json`, which is always UTF-8.
    public static let json = MediaType(rawValue: "application/json")
    /// `text/event-stream`, for server-sent events.
    public static let eventStream = MediaType(rawValue: "text/event-stream")
    /// `application/octet-stream`, for bytes of an unknown type.
    public static let octetStream = MediaType(rawValue: "application/octet-stream")

    /// Creates the type for the extension of `path`, in any case. An unknown extension gives ``octetStream``.
    ///
    /// The extensions are those in the table of ``MediaTypes``, without types that a site adds.
    public init(path: String) {
        self = Self.fileExtension(of: path).flatMap(MediaTypes.type) ?? .octetStream
    }

    /// The part of the file name in `path` after its last dot; nil if there is no dot.
    static func fileExtension(of path: String) -> Substring.UTF8View? {
        let name = path.utf8.lastIndex(of: 0x2F).map { path.utf8[path.utf8.index(after: $0)...] } ?? path.utf8[...]
        return name.lastIndex(of: 0x2E).map { name[name.index(after: $0)...] }
    }
}

extension MediaType: CustomStringConvertible {
    /// The media type as text: `text/html; charset=utf-8`.
    public var description: String { rawValue }
}
