internal import Synchronization

/// The media types of files, by extension: IANA's and Debian's for files that web sites serve. Python's `mimetypes`.
///
/// Text is served as UTF-8. A site adds types of its own before it serves, with `MEDIA_TYPES` in its settings or with
/// ``add(_:for:)``:
///
/// ```swift
/// try MediaTypes.add("model/vnd.usdz+zip", for: "usdz")
/// ```
public enum MediaTypes {
    /// Why a media type could not be added.
    public struct InvalidType: Error, Hashable, Sendable, CustomStringConvertible {
        public let description: String
    }

    /// The types that the site added, by extension in lower case.
    private static let added = Mutex<[String: MediaType]>([:])
    /// Whether the site added any, so that most lookups take no lock.
    private static let hasAdded = Atomic(false)

    /// The longest extension in bytes.
    private static let longest = 32

    /// Serves files with an extension as `type` in the whole process. A second call for the same extension replaces the
    /// first; Python's `mimetypes.add_type`.
    ///
    /// - Parameters:
    ///   - type: The value of `Content-Type`, such as `model/gltf+json` or `text/x-log; charset=utf-8`.
    ///   - fileExtension: The extension in any case, with or without its dot.
    /// - Throws: ``InvalidType`` if `type` is not a media type, or the extension has other characters than ASCII letters,
    ///   digits, `-`, `_` and `+`.
    public static func add(_ type: String, for fileExtension: String) throws(InvalidType) {
        if let problem = problem(of: type, for: fileExtension) { throw InvalidType(description: problem) }
        guard let key = key(withoutDot(fileExtension)) else { return }
        added.withLock { $0[key] = MediaType(rawValue: type) }
        hasAdded.store(true, ordering: .releasing)
    }

    /// The reason why ``add(_:for:)`` refuses its arguments, in a sentence; nil if it takes them.
    package static func problem(of type: String, for fileExtension: String) -> String? {
        guard let key = key(withoutDot(fileExtension)) else {
            return "'\(fileExtension)' is not a file extension: it has letters and digits, such as glb."
        }
        return isMediaType(type)
            ? nil : "'\(type)' is not a media type for \(key): it has a form such as model/gltf-binary."
    }

    private static func withoutDot(_ fileExtension: String) -> Substring.UTF8View {
        fileExtension.utf8.first == 0x2E ? fileExtension[...].utf8.dropFirst() : fileExtension[...].utf8
    }

    /// The type of files with an extension, given in any case and without its dot; nil if the extension is unknown.
    static func type(of bytes: Substring.UTF8View) -> MediaType? {
        guard let key = key(bytes) else { return nil }
        if hasAdded.load(ordering: .acquiring), let type = added.withLock({ $0[key] }) { return type }
        return table[key]
    }

    /// An extension in lower case; nil if it is empty, too long, or has a character that no extension has.
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
        // Optional white space may stand in front of the parameters.
        let end = parts[1].lastIndex { $0 != 0x20 }.map { parts[1].index(after: $0) } ?? parts[1].startIndex
        let subtype = parts[1][..<end]
        return !subtype.isEmpty && subtype.allSatisfy(\.isHTTPToken)
    }
}
