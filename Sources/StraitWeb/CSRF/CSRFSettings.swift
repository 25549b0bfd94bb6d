public import StraitHTTP

/// The settings of the protection against forged requests, with the names of Django's settings.
public struct CSRFSettings: Sendable {
    /// `CSRF_TRUSTED_ORIGINS`: other origins whose pages may post here: `https://example.com:8443`,
    /// `https://*.example.com`.
    public var trustedOrigins: [String] = []
    /// `CSRF_COOKIE_NAME`: the name of the cookie.
    public var cookieName = "csrftoken"
    /// `CSRF_COOKIE_AGE`: the lifetime of the cookie, in seconds. A year by default; nil for a cookie that lasts until
    /// the browser closes.
    public var cookieAge: Int? = 31_449_600
    /// `CSRF_COOKIE_DOMAIN`: the domain of the cookie; nil for the host that sets it.
    public var cookieDomain: String?
    /// `CSRF_COOKIE_PATH`: the path of the cookie.
    public var cookiePath = "/"
    /// `CSRF_COOKIE_SECURE`: whether browsers send the cookie only over TLS.
    public var cookieSecure = false
    /// `CSRF_COOKIE_HTTPONLY`: whether scripts are kept from reading the cookie. They need another source for the
    /// header's token then.
    public var cookieHTTPOnly = false
    /// `CSRF_COOKIE_SAMESITE`: the cookie's `SameSite` attribute.
    public var cookieSameSite = SetCookie.SameSite(rawValue: "Lax")
    /// `CSRF_HEADER_NAME`: the header in which scripts send the token, spelled as in HTTP.
    public var headerName = "X-CSRFToken"
    /// Whether pages at `localhost`, `127.0.0.1` and `[::1]` may post to each other on the same port. For development;
    /// `DEBUG` sets it.
    public var treatsLoopbackAsOneHost = false
    /// The limits of a form that is read to find its token. If a handler accepts larger urlencoded forms than the
    /// default, raise these limits too.
    public var limits = FormLimits()

    /// Creates settings with Django's defaults.
    public init() {}

    /// The name of the token's form field. Django has no setting for it either.
    public static let fieldName = "csrfmiddlewaretoken"
}
