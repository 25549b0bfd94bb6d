internal import Glibc
internal import StraitCore
internal import StraitText

/// URL validation as in Django's `URLValidator`.
enum WebAddress {
    private static let schemes = ["http", "https", "ftp", "ftps"]

    static func isValid(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        guard scalars.count <= 2048, !scalars.contains(where: { $0.properties.isWhitespace || isSeparator($0) }),
            let colon = text.utf8.firstIndex(of: 0x3A), text[colon...].utf8.starts(with: "://".utf8),
            schemes.contains(where: { text[..<colon].lowercased().hasSameBytes(as: $0) })
        else { return false }
        let rest = text[text.utf8.index(colon, offsetBy: 3)...]
        var authority = rest.unicodeScalars.prefix { !"/?#".unicodeScalars.contains($0) }
        if let at = authority.lastIndex(of: "@") {
            let user = authority[..<at].split(separator: ":", omittingEmptySubsequences: false)
            guard user.count <= 2, user.first?.isEmpty == false, !authority[..<at].contains("@") else { return false }
            authority = authority[authority.index(after: at)...]
        }
        return isHostAndPort(String(String.UnicodeScalarView(authority)))
    }

    /// Whether Python's `\s` matches a scalar that Unicode does not count as white space.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { (0x1C...0x1F).contains(scalar.value) }

    private static func isHostAndPort(_ text: String) -> Bool {
        var host = text
        if let colon = text.utf8.lastIndex(of: 0x3A), text.utf8.last != 0x5D {
            let port = text[text.utf8.index(after: colon)...]
            guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
            host = String(text[..<colon])
        }
        if host.utf8.first == 0x5B, host.utf8.last == 0x5D {
            return IPAddress.isVersion6(String(Substring(host.utf8.dropFirst().dropLast())))
        }
        return host.unicodeScalars.count <= 253
            && (host.lowercased().hasSameBytes(as: "localhost") || IPAddress.isVersion4(host)
                || DomainName.isValid(host, allowsFinalDot: true))
    }
}
