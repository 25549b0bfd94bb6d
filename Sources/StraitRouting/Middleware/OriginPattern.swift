internal import StraitHTTP

/// A pattern of allowed origins: one entry of an ``OriginValidator``'s list.
struct OriginPattern: Sendable {
    private enum Form: Sendable {
        case any
        case domain(String, port: Int?)
        case origin(scheme: String, domain: String, port: Int?)
        /// An invalid pattern, which matches nothing.
        case none
    }

    private let form: Form

    /// Parses `*`; `example.com` or `.example.com` for any scheme; `https://example.com` or
    /// `https://.example.com:8443`.
    init(_ text: String) {
        form = text == "*" ? .any : Self.parse(text) ?? .none
    }

    /// Parses `text`, or returns nil if it could not match any origin. Any text after the host and port is ignored, as
    /// by Channels' `urlparse`, since a copied address often ends with a slash: `https://example.com/`.
    private static func parse(_ text: String) -> Form? {
        let scheme = text.firstRange(of: "://")
        let rest = text[(scheme?.upperBound ?? text.startIndex)...]
        let site = text[..<(rest.firstIndex { "/?#".contains($0) } ?? text.endIndex)]
        let form: Form?
        let host: String
        if scheme != nil {
            guard let origin = Origin(String(site)) else { return nil }
            host = origin.authority.host
            form = .origin(scheme: origin.scheme, domain: host, port: origin.port)
        } else {
            guard let authority = HTTPAuthority(site.utf8.span) else { return nil }
            host = authority.host
            form = .domain(host, port: authority.port)
        }
        // A star inside a name is not a wildcard, and no valid origin contains one.
        return host.isEmpty || host.contains("*") ? nil : form
    }

    /// Whether the pattern is invalid and matches no origin.
    var allowsNothing: Bool {
        if case .none = form { true } else { false }
    }

    var allowsAnything: Bool {
        if case .any = form { true } else { false }
    }

    func allows(_ origin: Origin) -> Bool {
        switch form {
        case .any: true
        case .domain(let domain, let port):
            HTTPAuthority.isSameDomain(origin.authority.host, domain) && (port == nil || port == origin.port)
        case .origin(let scheme, let domain, let port):
            scheme == origin.scheme && port == origin.port && HTTPAuthority.isSameDomain(origin.authority.host, domain)
        case .none: false
        }
    }
}
