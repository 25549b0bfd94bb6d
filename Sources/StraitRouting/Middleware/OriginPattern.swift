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
        if text == "*" {
            form = .any
        } else if text.contains("://") {
            form = Origin(text).map { .origin(scheme: $0.scheme, domain: $0.authority.host, port: $0.port) } ?? .none
        } else {
            form =
                HTTPAuthority(text.utf8.span).flatMap { $0.host.isEmpty ? nil : .domain($0.host, port: $0.port) }
                ?? .none
        }
    }

    var allowsAnything: Bool {
        if case .any = form { true } else { false }
    }

    func allows(_ origin: Origin) -> Bool {
        switch form {
        case .any: true
        case .domain(let domain, let port):
            Self.isSame(origin.authority.host, domain) && (port == nil || port == origin.port)
        case .origin(let scheme, let domain, let port):
            scheme == origin.scheme && port == origin.port && Self.isSame(origin.authority.host, domain)
        case .none: false
        }
    }

    /// Django's `is_same_domain`: a pattern with a leading dot allows the domain and all beneath it.
    private static func isSame(_ host: String, _ pattern: String) -> Bool {
        pattern.hasPrefix(".") ? host.hasSuffix(pattern) || host == pattern.dropFirst() : host == pattern
    }
}
