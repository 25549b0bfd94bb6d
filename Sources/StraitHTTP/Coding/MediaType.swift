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
    /// ``MediaTypes`` has the table, and a site can add to it.
    public init(path: String) {
        let name = path.utf8.lastIndex(of: 0x2F).map { path.utf8[path.utf8.index(after: $0)...] } ?? path.utf8[...]
        guard let dot = name.lastIndex(of: 0x2E), let type = MediaTypes.type(of: name[name.index(after: dot)...]) else {
            self = .octetStream
            return
        }
        self = type
    }
}

extension MediaType: CustomStringConvertible {
    public var description: String { rawValue }
}
