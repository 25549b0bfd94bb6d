internal import StraitHTTP

/// Whether a request was made by a page of this site: the decisions of Django's `CsrfViewMiddleware`, without reading
/// anything.
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

    /// Whether the page is one of this site or of a trusted one, by what its browser says: `Origin`, or over HTTPS
    /// `Referer`. Over HTTP a request without `Origin` passes, as the token is still to be checked.
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

    /// Whether `origin` and `host` both are the developer's machine, with one scheme and port.
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
        // A cookie's domain has no port, and the site may have one that is not the scheme's.
        if settings.cookieDomain != nil, let port = host.flatMap({ HTTPAuthority($0.utf8.span)?.port }),
            port != 443, port != 80
        {
            good += ":\(port)"
        }
        guard HTTPAuthority.isSameDomain(url.authority, good.lowercased()) else { throw .referer(referer) }
    }

    /// The secret in the browser's cookie.
    func secret(cookie: String?) throws(CSRFFailure) -> String {
        guard let cookie else { throw .noCookie }
        if let fault = CSRFToken.fault(in: cookie) { throw .cookie(fault) }
        return CSRFToken.secret(of: cookie) ?? cookie
    }

    /// Whether the request's token stands for `secret`.
    ///
    /// - Parameters:
    ///   - field: That of the form's field; an empty one is none.
    ///   - header: That of the header field.
    func check(field: String?, header: String?, secret: String) throws(CSRFFailure) {
        let source = field.map { !$0.isEmpty } == true ? "POST" : "the '\(settings.headerName)' HTTP header"
        guard let token = source == "POST" ? field : header else { throw .noToken }
        if let fault = CSRFToken.fault(in: token) { throw .token(from: source, fault.rawValue) }
        guard CSRFToken.matches(token, secret) else { throw .token(from: source, "incorrect") }
    }
}
