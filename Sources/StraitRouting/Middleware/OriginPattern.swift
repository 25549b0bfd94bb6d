internal import StraitHTTP

/// What origins are allowed: one entry of an ``OriginValidator``'s list.
struct OriginPattern: Sendable {
    private enum Form: Sendable {
        case any
        case domain(String, port: Int?)
        case origin(scheme: String, domain: String, port: Int?)
        /// Matches nothing: what is no pattern must not allow anything.
        case none
    }

    private let form: Form

    /// `*`; `example.com` or `.example.com`, with any scheme; `https://example.com`, `https://.example.com:8443`.
    init(_ text: String) {
        form = text == "*" ? .any : Self.parse(text) ?? .none
    }

    /// The pattern in `text`, nil where it could not match anything. What is behind the host and port is not looked at,
    /// as Channels' `urlparse` does: `https://example.com/` is what people copy.
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
        // A star within a name is no wildcard, and no origin has one.
        return host.isEmpty || host.contains("*") ? nil : form
    }

    /// Whether it matches no origin at all.
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
