public import StraitCore

/// The media types of files by extension, like Python's `mimetypes`.
///
/// The table has IANA's and Debian's types for files that websites serve. Text types are served as UTF-8. A site adds
/// types with the `MEDIA_TYPES` setting, and its handlers find this value among the site's services.
public struct MediaTypes: Service {
    /// The types that the site added, keyed by extension in lower case.
    private var added: [String: MediaType] = [:]

    /// The maximum length of an extension in bytes.
    private static let longest = 32

    /// Creates the types of the table and those in `added`, which override the table.
    ///
    /// - Parameter added: Media types by extension. An extension may be in any case, with or without its dot. Invalid
    ///   extensions and types are ignored.
    public init(adding added: [String: String] = [:]) {
        for (name, type) in added where Self.problem(of: type, for: name) == nil {
            if let key = Self.key(Self.withoutDot(name)) { self.added[key] = MediaType(rawValue: type) }
        }
    }

    /// Returns the type for the extension of `path`, in any case, or ``MediaType/octetStream`` for an unknown
    /// extension.
    public func type(ofPath path: String) -> MediaType {
        guard !added.isEmpty, let name = MediaType.fileExtension(of: path), let key = Self.key(name),
            let type = added[key]
        else { return MediaType(path: path) }
        return type
    }

    /// Returns a sentence about the problem if `type` cannot be the type for `fileExtension`; otherwise nil.
    package static func problem(of type: String, for fileExtension: String) -> String? {
        guard let key = key(withoutDot(fileExtension)) else {
            return "'\(fileExtension)' is not a file extension: use letters and digits, such as glb."
        }
        return isMediaType(type)
            ? nil : "'\(type)' is not a media type for \(key): use the form of model/gltf-binary."
    }

    private static func withoutDot(_ fileExtension: String) -> Substring.UTF8View {
        fileExtension.utf8.first == 0x2E ? fileExtension[...].utf8.dropFirst() : fileExtension[...].utf8
    }

    /// The table's type for an extension in any case, without its dot; nil for an unknown extension.
    static func type(of bytes: Substring.UTF8View) -> MediaType? {
        key(bytes).flatMap { table[$0] }
    }

    /// The extension in lower case; nil if it is empty, too long, or contains an invalid character.
    private static func key(_ bytes: Substring.UTF8View) -> String? {
        guard !bytes.isEmpty, bytes.count <= longest else { return nil }
        var result = ""
        for byte in bytes {
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x2D, 0x5F, 0x2B: result.unicodeScalars.append(Unicode.Scalar(byte))
            case 0x41...0x5A: result.unicodeScalars.append(Unicode.Scalar(byte | 0x20))
            default: return nil
            }
        }
        return result
    }

    /// Whether `text` is `type/subtype` with optional parameters, in printable ASCII.
    private static func isMediaType(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else { return false }
        let essence = text.utf8.prefix { $0 != 0x3B }
        let parts = essence.split(separator: 0x2F, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0].allSatisfy(\.isHTTPToken), !parts[0].isEmpty else { return false }
        // Optional white space may precede the parameters.
        let end = parts[1].lastIndex { $0 != 0x20 }.map { parts[1].index(after: $0) } ?? parts[1].startIndex
        let subtype = parts[1][..<end]
        return !subtype.isEmpty && subtype.allSatisfy(\.isHTTPToken)
    }
}

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
