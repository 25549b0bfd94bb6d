internal import StraitCore
internal import StraitHTTP

/// Validation of the host names in settings such as `ALLOWED_HOSTS`.
enum HostPattern {
    /// The fault of a value that can never match, with a suggested correction.
    struct Fault: Equatable {
        /// The problem, worded to follow the value: `has a port`.
        let problem: String
        /// The suggested value; nil if there is no likely one.
        let instead: String?
    }

    /// Whether `text` begins with an IPv6 address in brackets.
    static func beginsWithAddress(_ text: String) -> Bool {
        guard text.utf8.first == 0x5B, let end = text.utf8.firstIndex(of: 0x5D) else { return false }
        return HostName.numeric(String(text[text.utf8.index(after: text.startIndex)..<end])) != nil
    }

    /// Returns the fault that keeps an entry of `ALLOWED_HOSTS` from matching any request; nil if it can match.
    static func fault(inAllowedHost text: String) -> Fault? {
        text == "*" ? nil : fault(in: text, allowsDomain: true, allowsPort: false)
    }

    /// Returns the fault that keeps `text` from being a host name; nil if it is one.
    ///
    /// - Parameters:
    ///   - allowsDomain: Whether a leading dot may stand for all subdomains.
    ///   - allowsPort: Whether a port may follow the name.
    static func fault(in text: String, allowsDomain: Bool, allowsPort: Bool) -> Fault? {
        if text.isEmpty { return Fault(problem: "is empty", instead: nil) }
        if HostName.numeric(text) != nil, text.utf8.contains(0x3A) {
            return Fault(problem: "is an IPv6 address without brackets", instead: "[\(HostName.numeric(text) ?? text)]")
        }
        func fault(_ problem: String) -> Fault {
            let bare = bareHost(of: text, allowsDomain: allowsDomain)
            // Don't suggest a value that would be rejected too.
            let isGood =
                bare != text
                && (bare == "*" && allowsDomain
                    || Self.fault(in: bare, allowsDomain: allowsDomain, allowsPort: allowsPort) == nil)
            return Fault(problem: problem, instead: isGood ? bare : nil)
        }
        if text.firstRange(of: "://") != nil { return fault("has a scheme") }
        if text.utf8.contains(where: { [0x2F, 0x3F, 0x23].contains($0) }) { return fault("has a path") }
        if text.utf8.contains(0x40) { return fault("has a user") }
        if text.utf8.contains(0x2A) { return fault(allowsDomain ? "has a star that matches nothing" : "has a star") }
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return Fault(problem: "is not in ASCII, as browsers send it (xn--…)", instead: nil)
        }
        let host = allowsDomain && text.utf8.first == 0x2E ? String(text.dropFirst()) : text
        guard let authority = HTTPAuthority(host.utf8.span), !authority.host.isEmpty else {
            return Fault(problem: "is not a host name", instead: nil)
        }
        if !allowsPort, authority.host.utf8.count != host.utf8.count { return fault("has a port") }
        if authority.host.utf8.first == 0x2E { return fault("begins with a dot") }
        if authority.host.utf8.last == 0x2E { return fault("ends with a dot") }
        if authority.host.utf8.first == 0x5B {
            let address = String(authority.host.dropFirst().dropLast())
            guard let numeric = HostName.numeric(address), numeric.utf8.contains(0x3A) || address.utf8.contains(0x3A)
            else {
                return Fault(problem: "is not an IPv6 address", instead: nil)
            }
            // Browsers send the shortest form.
            if numeric != address, numeric.utf8.contains(0x3A) {
                return Fault(problem: "is not the shortest form of the address", instead: "[\(numeric)]")
            }
        }
        return nil
    }

    /// Extracts the host name from `text`, which may be a whole URL or contain a star.
    private static func bareHost(of text: String, allowsDomain: Bool) -> String {
        // The text before `://` may be no scheme, as in `*://example.com`.
        let start = text.firstRange(of: "://")?.upperBound ?? text.startIndex
        var rest = URLParts(withoutScheme: String(text[start...])).authority ?? ""
        if let host = AuthorityParts(rest)?.host { rest = host }
        while rest.last == "." { rest.removeLast() }
        if rest.hasPrefix("*.") { rest = rest.dropFirst(allowsDomain ? 1 : 2) }
        if !allowsDomain { rest = rest.drop { $0 == "." } }
        return String(rest)
    }

    /// Returns the fault that keeps an entry of `CSRF_TRUSTED_ORIGINS` from matching any request; nil if it can match.
    /// A browser's `Origin` is a scheme and a host in lower case. A port follows if it is not the scheme's default.
    static func fault(inOrigin text: String) -> Fault? {
        guard text.firstRange(of: "://") != nil else {
            return Fault(problem: "has no scheme", instead: "https://\(text)")
        }
        let parts = URLParts(text)
        guard let (scheme, site) = parts.site else { return Fault(problem: "has no scheme", instead: nil) }
        let hasStar = site.hasPrefix("*.")
        let name = String(hasStar ? site.dropFirst(2) : site)
        if name.utf8.first == 0x2E, !hasStar {
            return Fault(problem: "begins with a dot", instead: "\(scheme)://*\(name)")
        }
        if let wrong = fault(in: name.lowercased(), allowsDomain: false, allowsPort: true) {
            return Fault(
                problem: wrong.problem, instead: wrong.instead.map { "\(scheme)://\(hasStar ? "*." : "")\($0)" })
        }
        guard let authority = HTTPAuthority(name.utf8.span) else {
            return Fault(problem: "is not an origin", instead: nil)
        }
        let isDefault = authority.port == nil || authority.port == HTTPAuthority.defaultPort(of: scheme)
        let port = isDefault ? "" : ":\(authority.port ?? 0)"
        let instead = "\(scheme)://\(hasStar ? "*." : "")\(authority.host)\(port)"
        if instead == text { return nil }
        if site.endIndex != text.endIndex { return Fault(problem: "has a path", instead: instead) }
        if instead == text.lowercased() { return Fault(problem: "has capital letters", instead: instead) }
        return Fault(problem: "has a port that browsers leave out", instead: instead)
    }
}
