/// The texts of URLs, as Python's `urllib.parse` makes them.
enum URLText {
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~".utf8)

    /// `quote(text, safe)`.
    static func quoted(_ text: String, safe: String = "/") -> String {
        let safe = Set(safe.utf8)
        var result = ""
        for byte in text.utf8 {
            if unreserved.contains(byte) || (safe.contains(byte) && byte < 0x80) {
                result.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                result += byte < 16 ? "%0" + digits : "%" + digits
            }
        }
        return result
    }

    /// `quote_plus(text)`.
    static func quotedPlus(_ text: String) -> String {
        quoted(text, safe: " ").replacing(" ", with: "+")
    }

    /// `unquote(text)`.
    static func unquoted(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return text }
        let bytes = Array(text.utf8)
        var result: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count, let high = digit(bytes[index + 1]),
                let low = digit(bytes[index + 2])
            {
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: result, as: UTF8.self)
    }

    /// `unquote_plus(text)`.
    static func unquotedPlus(_ text: String) -> String { unquoted(text.replacing("+", with: " ")) }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Django's `iri_to_uri`.
    static func iri(_ text: String) -> String { quoted(text, safe: "/#%[]=:;$&()+,!?*@'~") }

    /// `urljoin(base, path)` of a path that is quoted.
    static func join(_ base: String, _ path: String) -> String {
        guard !path.isEmpty else { return base }
        let bytes = Array(base.utf8)
        var start = 0
        if let colon = base.firstRange(of: "://") {
            let host = base[colon.upperBound...]
            let end = host.firstIndex(of: "/") ?? host.endIndex
            start = base.utf8.distance(from: base.startIndex, to: end)
        } else if base.hasPrefix("//") {
            let host = base.dropFirst(2)
            start = base.utf8.distance(from: base.startIndex, to: host.firstIndex(of: "/") ?? host.endIndex)
        }
        let root = String(decoding: bytes[..<start], as: UTF8.self)
        if path.hasPrefix("//") { return path }
        let folder = String(decoding: bytes[start...], as: UTF8.self)
        let full =
            path.hasPrefix("/")
            ? path : folder[..<(folder.lastIndex(of: "/").map { folder.index(after: $0) } ?? folder.startIndex)] + path
        var parts: [Substring] = []
        let given = full.split(separator: "/", omittingEmptySubsequences: false)
        for (index, part) in given.enumerated() {
            let isLast = index == given.count - 1
            if part.isEmpty, index > 0, !isLast { continue }
            if part == ".." {
                if parts.count > 1 { parts.removeLast() }
                if isLast { parts.append("") }
            } else if part == "." {
                if isLast { parts.append("") }
            } else {
                parts.append(part)
            }
        }
        return root + parts.joined(separator: "/")
    }
}
