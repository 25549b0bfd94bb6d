internal import StraitHTTP

/// What a body's `Content-Type` makes of it.
enum FormType: Equatable {
    /// There is none.
    case none
    case urlencoded
    /// With all of the field, as its boundary is in it.
    case multipart(String)
    case json
    case other

    /// Reads the field's value.
    init(_ contentType: String?) {
        guard let contentType else {
            self = .none
            return
        }
        let type = String(
            decoding: contentType.utf8.prefix { $0 != 0x3B }.filter { $0 != 0x20 && $0 != 0x09 }, as: UTF8.self
        ).lowercased()
        // No media type has other letters, and comparing them takes time.
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

    /// The charset that a `Content-Type` names, in lower case; nil where it names none.
    static func charset(_ contentType: String?) -> String? {
        guard let charset = contentType.flatMap({ try? HeaderParameters($0)["charset"] })?.lowercased() else {
            return nil
        }
        return charset == "utf8" ? "utf-8" : charset
    }
}
