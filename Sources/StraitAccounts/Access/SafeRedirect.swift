internal import StraitHTTP
internal import StraitText

/// Whether a page may redirect to a URL that a client has sent; Django's function of the same name.
///
/// It allows paths, and `http` and `https` URLs of the given hosts. It rejects `//evil.example`, `/\evil.example` and
/// `http:evil.example`, because browsers read them as other sites. It also rejects control characters.
///
/// - Parameters:
///   - url: The URL, such as the value of the parameter `next`.
///   - allowedHosts: The hosts with their ports, as in the header `Host`.
///   - requireHTTPS: Whether to reject `http`.
public func urlHasAllowedHostAndScheme(_ url: String, allowedHosts: Set<String>, requireHTTPS: Bool = false) -> Bool {
    let url = PythonText.stripped(url)
    guard !url.isEmpty, url.utf8.count <= 2048 else { return false }
    // Browsers remove some of these characters.
    guard !url.unicodeScalars.contains(where: { $0.properties.generalCategory == .control || $0.value == 0x7F }),
        url.unicodeScalars.first?.properties.generalCategory != .format
    else { return false }
    let isAllowed = { (url: String) in TargetOfRedirect(url)?.isAllowed(allowedHosts, requireHTTPS) == true }
    // Browsers read a backslash as a slash.
    return isAllowed(url) && isAllowed(url.replacing("\\", with: "/"))
}

/// The scheme and the host of a URL, as browsers read them.
private struct TargetOfRedirect {
    var scheme = ""
    var host = ""

    init?(_ url: String) {
        if url.utf8.starts(with: "///".utf8) { return nil }
        var rest = url[...]
        if let colon = url.utf8.firstIndex(of: UInt8(ascii: ":")) {
            let name = url[..<colon].utf8
            let isScheme = name.first.map { ($0 | 0x20) >= 0x61 && ($0 | 0x20) <= 0x7A } == true
            if isScheme, name.allSatisfy({ Self.isOfScheme($0) }) {
                scheme = url[..<colon].lowercased()
                rest = url[url.utf8.index(after: colon)...]
            }
        }
        if rest.utf8.starts(with: "//".utf8) {
            let bytes = rest.utf8.dropFirst(2).prefix { ![0x2F, 0x3F, 0x23].contains($0) }
            host = String(Substring(bytes))
        }
    }

    private static func isOfScheme(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2B, 0x2D, 0x2E: true
        default: false
        }
    }

    func isAllowed(_ hosts: Set<String>, _ requireHTTPS: Bool) -> Bool {
        if host.isEmpty, !scheme.isEmpty { return false }
        let scheme = scheme.isEmpty && !host.isEmpty ? "http" : scheme
        return (host.isEmpty || hosts.contains(host))
            && (scheme.isEmpty || scheme == "https" || scheme == "http" && !requireHTTPS)
    }
}

extension Request {
    /// The parameter `next` of the form or the query, or nil if it is missing or leads to another site.
    ///
    /// - Parameter given: The value in the submitted form, or nil.
    func nextPage(_ given: String?) -> String? {
        guard let next = given ?? query["next"], let host = headers["host"] else { return nil }
        let isSafe = urlHasAllowedHostAndScheme(
            next, allowedHosts: [host], requireHTTPS: scope.scheme == "https")
        return isSafe ? PythonText.stripped(next) : nil
    }
}
