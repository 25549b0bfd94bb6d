internal import StraitCore
internal import StraitHTTP
internal import StraitText

/// URL validation as in Django's `URLValidator`.
enum WebAddress {
    private static let schemes = ["http", "https", "ftp", "ftps"]

    static func isValid(_ text: String) -> Bool {
        let scalars = text.unicodeScalars
        let url = URLParts(text)
        guard scalars.count <= 2048, !scalars.contains(where: { $0.properties.isWhitespace || isSeparator($0) }),
            let (scheme, authority) = url.site, schemes.contains(scheme),
            let parts = AuthorityParts(authority), !url.hasUnbalancedBrackets, !url.hasDisguisedDelimiter
        else { return false }
        if let (user, password) = parts.access {
            let isValid = !user.isEmpty && password?.utf8.contains(0x3A) != true
            guard isValid, parts.userInfo?.utf8.contains(0x40) == false else { return false }
        }
        if let port = parts.port {
            guard (1...5).contains(port.utf8.count), port.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
                return false
            }
        }
        return isHost(String(parts.host))
    }

    /// Whether Python's `\s` matches a scalar that Unicode does not count as white space.
    private static func isSeparator(_ scalar: Unicode.Scalar) -> Bool { (0x1C...0x1F).contains(scalar.value) }

    private static func isHost(_ host: String) -> Bool {
        if host.utf8.first == 0x5B, host.utf8.last == 0x5D {
            return IPAddress.isVersion6(String(Substring(host.utf8.dropFirst().dropLast())))
        }
        return host.unicodeScalars.count <= 253
            && (host.lowercased().hasSameBytes(as: "localhost") || IPAddress.isVersion4(host)
                || DomainName.isValid(host, allowsFinalDot: true))
    }
}
