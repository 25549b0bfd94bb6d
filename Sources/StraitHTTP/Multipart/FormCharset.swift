internal import StraitCore

/// The character encoding of a form's values, which the `Content-Type` of a multipart body may name. Names are always
/// in UTF-8, and so are URL-encoded forms.
package enum FormCharset: Sendable, Equatable {
    case utf8
    case latin1
    case ascii

    /// Name prefixes of encodings that exist but are not supported.
    private static let others = [
        "utf", "iso", "cp", "windows", "koi", "mac", "big5", "gb", "euc", "shift", "sjis", "hz", "johab", "ptcp", "tis",
        "x-",
    ]

    /// Creates the encoding called `name`, in any case. An unknown name gives UTF-8, as in Django.
    ///
    /// - Throws: ``MultipartError`` if the encoding is known but not supported.
    package init(named name: String) throws(MultipartError) {
        guard name.utf8.count <= 40, name.utf8.allSatisfy({ $0 < 0x80 }) else { throw .charset(name) }
        // Python treats hyphens and underscores as equal.
        let text = String(decoding: name.utf8.lazy.map { $0 == 0x5F ? 0x2D : $0 }, as: UTF8.self).lowercased()
        switch text {
        case "utf-8", "utf8", "u8": self = .utf8
        case "iso-8859-1", "iso8859-1", "latin-1", "latin1", "latin", "l1", "8859", "cp819": self = .latin1
        case "us-ascii", "ascii", "646": self = .ascii
        case _ where Self.others.contains(where: text.hasPrefix): throw .charset(name)
        default: self = .utf8
        }
    }

    /// Decodes `bytes`. Bytes that are invalid in the encoding become U+FFFD.
    package func text(_ bytes: Span<UInt8>) -> String {
        switch self {
        case .utf8:
            var copy: [UInt8] = []
            copy.reserveCapacity(bytes.count)
            for index in 0..<bytes.count { copy.append(bytes[index]) }
            return String(decoding: copy, as: UTF8.self)
        case .latin1, .ascii:
            var view = String.UnicodeScalarView()
            for index in 0..<bytes.count {
                view.append(self == .ascii && bytes[index] >= 0x80 ? "\u{FFFD}" : Unicode.Scalar(bytes[index]))
            }
            return String(view)
        }
    }
}
