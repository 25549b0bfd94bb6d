/// A media type, the value of `Content-Type` (RFC 9110 §8.3.1).
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

    /// The type of the files with the extension of `path`, in any case; ``octetStream`` if the extension is unknown.
    ///
    /// ``MediaTypes`` has the table, and those that a site adds.
    public init(path: String) {
        self = Self.fileExtension(of: path).flatMap(MediaTypes.type) ?? .octetStream
    }

    /// The part of the file name of `path` behind its last dot; nil if there is no dot.
    static func fileExtension(of path: String) -> Substring.UTF8View? {
        let name = path.utf8.lastIndex(of: 0x2F).map { path.utf8[path.utf8.index(after: $0)...] } ?? path.utf8[...]
        return name.lastIndex(of: 0x2E).map { name[name.index(after: $0)...] }
    }
}

extension MediaType: CustomStringConvertible {
    public var description: String { rawValue }
}
