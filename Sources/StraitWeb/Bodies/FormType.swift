internal import StraitHTTP

/// The kind of a body, according to its `Content-Type`.
enum FormType: Equatable {
    /// There is no `Content-Type`.
    case none
    case urlencoded
    /// A multipart form, with the whole header, as the boundary is in it.
    case multipart(String)
    case json
    case other

    /// Reads the header's value.
    init(_ contentType: String?) {
        guard let contentType else {
            self = .none
            return
        }
        let type = String(
            decoding: contentType.utf8.prefix { $0 != 0x3B }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self
        ).lowercased()
        // Media types are ASCII, and comparing other characters takes time.
        guard type.utf8.allSatisfy({ $0 < 0x80 }) else {
            self = .other
            return
        }
        switch type {
        case "": self = .none
        case "application/x-www-form-urlencoded": self = .urlencoded
        case "multipart/form-data": self = .multipart(contentType)
        case "application/json": self = .json
        case _ where type.hasPrefix("application/") && type.hasSuffix("+json"): self = .json
        default: self = .other
        }
    }

    /// Returns the charset in a `Content-Type`, in lower case; nil if there is none.
    static func charset(_ contentType: String?) -> String? {
        guard let charset = contentType.flatMap({ try? HeaderParameters($0)["charset"] })?.lowercased() else {
            return nil
        }
        return charset == "utf8" ? "utf-8" : charset
    }
}
