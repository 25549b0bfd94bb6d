public import StraitCore
package import StraitHTTP

/// Middleware that admits WebSockets only from pages of the listed origins; Channels' `OriginValidator`.
///
/// A browser lets any page open a socket to any site, and it sends the user's cookies. The `Origin` header names the
/// page's origin. The list may contain:
///
/// - `*` for every origin;
/// - domains for any scheme and port: `example.com`, or `.example.com` to include its subdomains;
/// - origins: `https://example.com`, which includes the scheme's default port.
///
/// `*.example.com` is not a wildcard. Any text after the host and port is ignored. A handshake without a valid `Origin`
/// header is refused unless the list contains `*`.
public struct OriginValidator: StagedMiddleware {
    /// The application that admitted handshakes and plain requests reach.
    public let inner: any Application
    private let check: Stage
    package var stage: any MiddlewareStage { check }

    /// Creates the validator.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - allowed: The patterns. An invalid pattern allows nothing, and the validator logs it as an error.
    ///   - log: The log for refusals and invalid patterns.
    public init(_ inner: any Application, allowed: [String], log: Log = Log()) {
        self.inner = inner
        let patterns = allowed.map(OriginPattern.init)
        check = Stage(patterns: patterns, log: log)
        for (text, pattern) in zip(allowed, patterns) where pattern.allowsNothing {
            log.error(
                "OriginValidator ignores the invalid pattern \(text.debugDescription). Write a domain "
                    + "('example.com', or '.example.com' to include its subdomains), an origin "
                    + "('https://example.com:8443') or '*'.")
        }
    }

    /// The check of handshakes. Plain requests pass because they have other protection. Channels raises an error
    /// instead.
    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .leave]
        let patterns: [OriginPattern]
        let log: Log

        init(patterns: [OriginPattern], log: Log) {
            self.patterns = patterns
            self.log = log
        }

        func enter(_ scope: inout Scope) -> Endpoint? {
            guard scope.type == .webSocket else { return nil }
            let origin = scope.headers["origin"]
            if allows(origin) { return nil }
            log.warning(
                "Refused a WebSocket: its origin is not allowed.",
                metadata: ["path": "\(scope.path)", "origin": "\(origin ?? "")"])
            return .response(.text("The origin is not allowed.\n", status: .forbidden))
        }

        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            if scope.type == .webSocket { resolution?.originIsChecked = true }
        }

        private func allows(_ text: String?) -> Bool {
            if patterns.contains(where: \.allowsAnything) { return true }
            guard let origin = text.flatMap(Origin.init) else { return false }
            return patterns.contains { $0.allows(origin) }
        }
    }
}

/// An ``OriginValidator`` that allows the application's own hosts; Channels' `AllowedHostsOriginValidator`.
public struct AllowedHostsOriginValidator: StagedMiddleware {
    private let validator: OriginValidator
    /// The application that admitted handshakes and plain requests reach.
    public var inner: any Application { validator.inner }

    /// Creates the validator.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - allowedHosts: The host patterns of Django's `ALLOWED_HOSTS`.
    ///   - debug: Whether an empty `allowedHosts` allows `localhost`, `127.0.0.1` and `[::1]`.
    ///   - log: The log for refusals.
    public init(_ inner: any Application, allowedHosts: [String], debug: Bool = false, log: Log = Log()) {
        let hosts = debug && allowedHosts.isEmpty ? ["localhost", "127.0.0.1", "[::1]"] : allowedHosts
        validator = OriginValidator(inner, allowed: hosts, log: log)
    }

    package var stage: any MiddlewareStage { validator.stage }
}

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
        let isOrigin = text.firstRange(of: "://") != nil
        let parts = isOrigin ? URLParts(text) : URLParts(withoutScheme: text)
        let form: Form?
        let host: String
        if isOrigin {
            guard let origin = Origin(parts) else { return nil }
            host = origin.authority.host
            form = .origin(scheme: origin.scheme, domain: host, port: origin.port)
        } else {
            guard let authority = parts.authority.flatMap({ HTTPAuthority($0.utf8.span) }) else { return nil }
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

/// The origin of a page, parsed from an `Origin` header (RFC 6454 §7.1).
package struct Origin: Sendable, Hashable {
    package let scheme: String
    package let authority: HTTPAuthority

    /// Parses an origin. Returns nil if it is malformed or names no host, such as `null`.
    package init?(_ text: String) {
        let parts = URLParts(text)
        guard parts.path.isEmpty, parts.query == nil, parts.fragment == nil else { return nil }
        self.init(parts)
    }

    /// Reads the origin of a URL. Returns nil if it is malformed or names no host.
    init?(_ parts: URLParts) {
        guard let (scheme, text) = parts.site, let authority = HTTPAuthority(text.utf8.span), !authority.host.isEmpty
        else { return nil }
        self.scheme = scheme
        self.authority = authority
    }

    /// The port, or the scheme's default port if none is given.
    package var port: Int? {
        authority.port ?? HTTPAuthority.defaultPort(of: scheme)
    }
}
