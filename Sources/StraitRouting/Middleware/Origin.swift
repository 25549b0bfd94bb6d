package import StraitHTTP

/// The origin of a page, parsed from an `Origin` header (RFC 6454 §7.1).
package struct Origin: Sendable, Hashable {
    package let scheme: String
    package let authority: HTTPAuthority

    /// Parses an origin. Returns nil if it is malformed or names no host, such as `null`.
    package init?(_ text: String) {
        guard let separator = text.utf8.firstIndex(of: 0x3A), text[separator...].utf8.starts(with: "://".utf8) else {
            return nil
        }
        let scheme = text[..<separator]
        guard !scheme.isEmpty, scheme.utf8.allSatisfy({ $0.isHTTPToken }) else { return nil }
        let rest = String(text[separator...].utf8.dropFirst(3)) ?? ""
        guard let authority = HTTPAuthority(rest.utf8.span), !authority.host.isEmpty else { return nil }
        self.scheme = scheme.lowercased()
        self.authority = authority
    }

    /// The port, or the scheme's default port if none is given.
    package var port: Int? {
        authority.port ?? HTTPAuthority.defaultPort(of: scheme)
    }
}
