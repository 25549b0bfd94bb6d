internal import StraitText

/// URL encoding, like Python's `urllib.parse`.
enum URLText {
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-~".utf8)

    /// Returns `quote(text, safe)`.
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

    /// Returns `quote_plus(text)`.
    static func quotedPlus(_ text: String) -> String {
        replaced(quoted(text, safe: " "), 0x20, with: 0x2B)
    }

    /// Returns `unquote(text)`.
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

    /// Returns `unquote_plus(text)`.
    static func unquotedPlus(_ text: String) -> String { unquoted(replaced(text, 0x2B, with: 0x20)) }

    /// Returns `text` with each ASCII `byte` replaced by `other`.
    private static func replaced(_ text: String, _ byte: UInt8, with other: UInt8) -> String {
        guard text.utf8.contains(byte) else { return text }
        return String(decoding: text.utf8.lazy.map { $0 == byte ? other : $0 }, as: UTF8.self)
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 0x30...0x39: byte - 0x30
        case 0x41...0x46: byte - 0x37
        case 0x61...0x66: byte - 0x57
        default: nil
        }
    }

    /// Returns Django's `iri_to_uri(text)`.
    static func iri(_ text: String) -> String { quoted(text, safe: "/#%[]=:;$&()+,!?*@'~") }

    /// Returns `urljoin(base, path)` for an encoded path.
    static func join(_ base: String, _ path: String) -> String {
        guard !path.isEmpty else { return base }
        guard !PythonText.hasPrefix(path, "//") else { return path }
        let bytes = Array(base.utf8)
        let host =
            BytePattern("://").first(in: bytes, from: 0).map { $0 + 3 } ?? (bytes.starts(with: [0x2F, 0x2F]) ? 2 : 0)
        let start = host == 0 ? 0 : bytes[host...].firstIndex(of: 0x2F) ?? bytes.count
        let root = String(decoding: bytes[..<start], as: UTF8.self)
        let folder = bytes[start...].prefix((bytes[start...].lastIndex(of: 0x2F) ?? start - 1) + 1 - start)
        let full = path.utf8.first == 0x2F ? path : String(decoding: folder, as: UTF8.self) + path
        var parts: [Substring] = []
        let given = full.utf8.split(separator: 0x2F, omittingEmptySubsequences: false)
        for (index, part) in given.enumerated() {
            let isLast = index == given.count - 1
            if part.isEmpty, index > 0, !isLast { continue }
            if part.elementsEqual([0x2E, 0x2E]) {
                if parts.count > 1 { parts.removeLast() }
                if isLast { parts.append("") }
            } else if part.elementsEqual([0x2E]) {
                if isLast { parts.append("") }
            } else {
                parts.append(Substring(part))
            }
        }
        return root + parts.joined(separator: "/")
    }
}

/// Percent-encodes an address for a link without encoding it twice (Django's `smart_urlquote`).
enum LinkQuoting {
    static func quoted(_ url: String) -> String {
        // Python's `urlsplit` removes tabs and line breaks.
        let text = String(decoding: url.utf8.filter { $0 != 0x09 && $0 != 0x0D && $0 != 0x0A }, as: UTF8.self)
        guard let (front, behind) = PythonText.partition(text[...], at: UInt8(ascii: ":")) else { return part(url) }
        var rest = behind
        var host: Substring?
        if PythonText.hasPrefix(rest, "//") {
            rest = rest[rest.utf8.index(rest.startIndex, offsetBy: 2)...]
            let end = rest.utf8.firstIndex { $0 == 0x2F || $0 == 0x3F || $0 == 0x23 } ?? rest.endIndex
            host = rest[..<end]
            rest = rest[end...]
        }
        if let host, host.utf8.contains(0x5B) != host.utf8.contains(0x5D) { return part(url) }
        var fragment: Substring?
        var query: Substring?
        if let (front, behind) = PythonText.partition(rest, at: UInt8(ascii: "#")) {
            (rest, fragment) = (front, behind)
        }
        if let (front, behind) = PythonText.partition(rest, at: UInt8(ascii: "?")) { (rest, query) = (front, behind) }
        var path = part(String(rest))
        if let host, !host.isEmpty, !path.isEmpty, path.utf8.first != 0x2F { path = "/" + path }
        var result = front.lowercased() + ":" + (host.map { "//" + part(String($0)) } ?? "") + path
        if let query, !query.isEmpty {
            let text = pairs(query)
            if !text.isEmpty { result += "?" + text }
        }
        if let fragment, !fragment.isEmpty { result += "#" + part(String(fragment)) }
        return result
    }

    /// Re-encodes names and values separately, so that encoded separators in them stay encoded.
    private static func pairs(_ query: Substring) -> String {
        query.utf8.split(separator: 0x26).map { pair in
            let sides = pair.split(separator: 0x3D, maxSplits: 1, omittingEmptySubsequences: false).map {
                URLText.quotedPlus(URLText.unquoted(URLText.unquotedPlus(String(Substring($0)))))
            }
            return sides[0] + "=" + (sides.count > 1 ? sides[1] : "")
        }.joined(separator: "&")
    }

    private static func part(_ text: String) -> String {
        URLText.quoted(URLText.unquoted(text), safe: "!$&'()*+,;=:/?#[]@~")
    }
}
