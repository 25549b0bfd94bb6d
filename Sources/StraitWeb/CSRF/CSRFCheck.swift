internal import StraitHTTP

/// Decides whether a request comes from a page of this site, as Django's `CsrfViewMiddleware` does. It reads no bodies.
struct CSRFCheck: Sendable {
    private let settings: CSRFSettings
    private let exact: Set<String>
    private let wildcards: [SplitURL]
    private let hosts: [String]

    init(_ settings: CSRFSettings) {
        self.settings = settings
        exact = Set(settings.trustedOrigins.filter { !$0.contains("*") })
        wildcards = settings.trustedOrigins.filter { $0.contains("*") }.compactMap(SplitURL.init)
        hosts = settings.trustedOrigins.compactMap { SplitURL($0)?.withoutStar }
    }

    /// Checks that the page belongs to this site or a trusted one, by `Origin` or, over HTTPS, `Referer`. Over HTTP a
    /// request without `Origin` passes, as its token is checked later.
    func checkSite(_ headers: HTTPFields, isSecure: Bool) throws(CSRFFailure) {
        let host = headers["host"]
        if let origin = headers["origin"] {
            guard isTrusted(origin: origin, host: host, isSecure: isSecure) else { throw .origin(origin) }
        } else if isSecure {
            try check(referer: headers["referer"], host: host)
        }
    }

    private func isTrusted(origin: String, host: String?, isSecure: Bool) -> Bool {
        if let host, origin == (isSecure ? "https://" : "http://") + host { return true }
        if exact.contains(origin) || isLoopback(origin, host, isSecure: isSecure) { return true }
        guard let url = SplitURL(origin) else { return false }
        return wildcards.contains {
            $0.scheme == url.scheme && HTTPAuthority.isSameDomain(url.authority, $0.withoutStar)
        }
    }

    /// Whether `origin` and `host` both name the developer's machine, with the same scheme and port.
    private func isLoopback(_ origin: String, _ host: String?, isSecure: Bool) -> Bool {
        guard settings.treatsLoopbackAsOneHost, let url = SplitURL(origin), let host,
            let other = HTTPAuthority(url.authority.utf8.span), let own = HTTPAuthority(host.utf8.span)
        else { return false }
        let scheme = isSecure ? "https" : "http"
        let port = HTTPAuthority.defaultPort(of: scheme)
        return url.scheme == scheme && other.isLoopback && own.isLoopback && (other.port ?? port) == (own.port ?? port)
    }

    private func check(referer: String?, host: String?) throws(CSRFFailure) {
        guard let referer else { throw .noReferer }
        guard let url = SplitURL(referer), !url.scheme.isEmpty, !url.authority.isEmpty else { throw .malformedReferer }
        guard url.scheme == "https" else { throw .insecureReferer }
        if hosts.contains(where: { HTTPAuthority.isSameDomain(url.authority, $0) }) { return }
        if isLoopback("https://\(url.authority)", host, isSecure: true) { return }
        var good = settings.cookieDomain ?? host ?? ""
        // A cookie's domain has no port, but the site may use a non-default one.
        if settings.cookieDomain != nil, let port = host.flatMap({ HTTPAuthority($0.utf8.span)?.port }),
            port != 443, port != 80
        {
            good += ":\(port)"
        }
        guard HTTPAuthority.isSameDomain(url.authority, good.lowercased()) else { throw .referer(referer) }
    }

    /// Returns the secret in the browser's cookie.
    func secret(cookie: String?) throws(CSRFFailure) -> String {
        guard let cookie else { throw .noCookie }
        if let fault = CSRFToken.fault(in: cookie) { throw .cookie(fault) }
        return CSRFToken.secret(of: cookie) ?? cookie
    }

    /// Checks that the request's token matches `secret`.
    ///
    /// - Parameters:
    ///   - field: The token in the form; an empty one counts as missing.
    ///   - header: The token in the header.
    func check(field: String?, header: String?, secret: String) throws(CSRFFailure) {
        let source = field.map { !$0.isEmpty } == true ? "POST" : "the '\(settings.headerName)' HTTP header"
        guard let token = source == "POST" ? field : header else { throw .noToken }
        if let fault = CSRFToken.fault(in: token) { throw .token(from: source, fault.rawValue) }
        guard CSRFToken.matches(token, secret) else { throw .token(from: source, "incorrect") }
    }
}
