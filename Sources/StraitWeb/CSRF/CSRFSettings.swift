public import StraitHTTP

/// How pages are protected against requests that other sites forge; the names are those of Django's settings.
public struct CSRFSettings: Sendable {
    /// `CSRF_TRUSTED_ORIGINS`: other sites whose pages may post here, with their schemes: `https://example.com:8443`,
    /// `https://*.example.com`.
    public var trustedOrigins: [String] = []
    /// `CSRF_COOKIE_NAME`.
    public var cookieName = "csrftoken"
    /// `CSRF_COOKIE_AGE`, in seconds: a year; nil for until the browser is closed.
    public var cookieAge: Int? = 31_449_600
    /// `CSRF_COOKIE_DOMAIN`.
    public var cookieDomain: String?
    /// `CSRF_COOKIE_PATH`.
    public var cookiePath = "/"
    /// `CSRF_COOKIE_SECURE`: whether the cookie travels over TLS only.
    public var cookieSecure = false
    /// `CSRF_COOKIE_HTTPONLY`: whether scripts cannot see the cookie, which they send back in the header.
    public var cookieHTTPOnly = false
    /// `CSRF_COOKIE_SAMESITE`.
    public var cookieSameSite = SetCookie.SameSite(rawValue: "Lax")
    /// `CSRF_HEADER_NAME`, as it stands in a request.
    public var headerName = "X-CSRFToken"
    /// Whether a page at `localhost`, `127.0.0.1` or `[::1]` may post to the others of them, on the same port; for
    /// development. Set with `DEBUG`.
    public var treatsLoopbackAsOneHost = false
    /// How much of a form is taken where its token is looked for. Where a handler takes more of a urlencoded form than
    /// the default, it has to be said here too.
    public var limits = FormLimits()

    public init() {}

    /// The name of the token's field; Django has no setting for it either.
    public static let fieldName = "csrfmiddlewaretoken"
}
