public import StraitHTTP
import StraitRouting

/// The check that a request comes from a page of this site, as in Django's `CsrfViewMiddleware`. It reads no bodies.
struct CSRFCheck: Sendable {
    private let settings: CSRFSettings
    private let exact: Set<String>
    private let wildcards: [SiteAddress]
    private let hosts: [String]

    init(_ settings: CSRFSettings) {
        self.settings = settings
        exact = Set(settings.trustedOrigins.filter { !$0.contains("*") })
        wildcards = settings.trustedOrigins.filter { $0.contains("*") }.compactMap(SiteAddress.init)
        hosts = settings.trustedOrigins.compactMap { SiteAddress($0)?.withoutStar }
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
        guard let url = SiteAddress(origin) else { return false }
        return wildcards.contains {
            $0.scheme == url.scheme && HTTPAuthority.isSameDomain(url.authority, $0.withoutStar)
        }
    }

    /// Whether `origin` and `host` both name the developer's machine, with the same scheme and port.
    private func isLoopback(_ origin: String, _ host: String?, isSecure: Bool) -> Bool {
        guard settings.treatsLoopbackAsOneHost, let url = SiteAddress(origin), let host,
            let other = HTTPAuthority(url.authority.utf8.span), let own = HTTPAuthority(host.utf8.span)
        else { return false }
        let scheme = isSecure ? "https" : "http"
        let port = HTTPAuthority.defaultPort(of: scheme)
        return url.scheme == scheme && other.isLoopback && own.isLoopback && (other.port ?? port) == (own.port ?? port)
    }

    private func check(referer: String?, host: String?) throws(CSRFFailure) {
        guard let referer else { throw .noReferer }
        guard let url = SiteAddress(referer), !url.scheme.isEmpty, !url.authority.isEmpty else {
            throw .malformedReferer
        }
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

/// The reason why a request failed the CSRF check, in Django's words. It is answered with 403.
public struct CSRFFailure: HTTPStatusError, Hashable {
    /// Django's reason.
    public let reason: String
    /// Advice on how to avoid the failure.
    public let advice: String
    /// The response's status: 403.
    public var status: HTTPStatus { .forbidden }
    /// The failure, the reason and the advice.
    public var description: String { "CSRF verification failed. \(reason) \(advice)" }

    private init(_ reason: String, _ advice: String) {
        self.reason = reason
        self.advice = advice
    }

    private static let tokenAdvice =
        "Put the hidden field csrfmiddlewaretoken into the form, before any file, or send the token in the header "
        + "X-CSRFToken. After a login, reload the page: its token is new."
    private static let siteAdvice = "Add the page's origin to CSRF_TRUSTED_ORIGINS if its forms may post here."

    static func origin(_ origin: String) -> CSRFFailure {
        CSRFFailure("Origin checking failed - \(origin) does not match any trusted origins.", siteAdvice)
    }
    static let noReferer = CSRFFailure(
        "Referer checking failed - no Referer.",
        """
        Over HTTPS a browser has to send Origin or Referer: do not disable them with a Referrer-Policy of no-referrer.
        """
    )
    static let malformedReferer = CSRFFailure("Referer checking failed - Referer is malformed.", siteAdvice)
    static let insecureReferer = CSRFFailure(
        "Referer checking failed - Referer is insecure while host is secure.", "Serve the page over HTTPS too.")
    static func referer(_ url: String) -> CSRFFailure {
        CSRFFailure("Referer checking failed - \(url) does not match any trusted origins.", siteAdvice)
    }
    static let noCookie = CSRFFailure(
        "CSRF cookie not set.", "Allow cookies for this site, and reload the form's page before you submit it.")
    static func cookie(_ fault: CSRFToken.Fault) -> CSRFFailure {
        CSRFFailure("CSRF cookie \(fault.rawValue).", "Reload the form's page: it sets a new cookie.")
    }
    static let noToken = CSRFFailure("CSRF token missing.", tokenAdvice)
    static func token(from source: String, _ fault: String) -> CSRFFailure {
        CSRFFailure("CSRF token from \(source) \(fault).", tokenAdvice)
    }
}

/// The scheme and authority of a URL, parsed as Python's `urlsplit` does.
private struct SiteAddress: Sendable {
    /// The scheme in lower case; empty if there is none.
    let scheme: String
    /// The text between `//` and the next `/`, `?` or `#`; empty if there is none.
    let authority: String

    /// Returns nil if the brackets are not balanced or the host has a disguised delimiter. `urlsplit` rejects both.
    init?(_ text: String) {
        let parts = URLParts(cleaning: text)
        if parts.hasUnbalancedBrackets || parts.hasDisguisedDelimiter { return nil }
        scheme = parts.scheme?.lowercased() ?? ""
        authority = String(parts.authority ?? "")
    }

    /// The authority of a pattern in lower case: `.example.com` for `*.example.com`.
    var withoutStar: String { authority.drop { $0 == "*" }.lowercased() }
}
