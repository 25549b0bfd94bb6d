internal import StraitCore
public import StraitForms
public import StraitHTTP
internal import StraitRouting

/// The checks of a ``CSRFViewMiddleware``. It is a class because each request's state refers to it.
final class CSRFProtection: Sendable {
    let settings: CSRFSettings
    private let check: CSRFCheck
    private let failurePage: CSRFViewMiddleware.FailurePage
    let generator: any RandomNumberGenerator & Sendable

    init(
        _ settings: CSRFSettings, generator: any RandomNumberGenerator & Sendable,
        failurePage: @escaping CSRFViewMiddleware.FailurePage
    ) {
        self.settings = settings
        self.generator = generator
        self.failurePage = failurePage
        check = CSRFCheck(settings)
    }

    /// Calls `handler` if the request passes the check; otherwise returns the failure page.
    func respond(to request: Request, _ state: CSRFState, with handler: any HTTPHandler) async throws -> Response {
        let admitted: Request
        do {
            admitted = try await admit(request, state)
        } catch let failure as CSRFFailure {
            request.log.warning(
                "Rejected \(request.method.rawValue): \(failure.reason)",
                metadata: ["path": "\(request.scope.rawPath)"])
            return try await failurePage(request, failure)
        }
        return try await handler.respond(to: admitted)
    }

    /// Checks the request and returns it for the handler, with its form read up to the token.
    ///
    /// - Throws: ``CSRFFailure``, and ``/StraitForms/FormError`` for a form that cannot be read.
    private func admit(_ request: Request, _ state: CSRFState) async throws -> Request {
        try check.checkSite(request.headers, isSecure: request.scope.scheme == "https")
        let secret = try check.secret(cookie: state.cookie)
        let header = request.headers[settings.headerName]
        let type = FormType(request.headers["content-type"])
        var field: String?
        var admitted = request
        if request.method == .post {
            switch type {
            case .urlencoded:
                field = try await request.formReader.field(CSRFSettings.fieldName, settings.limits)
                if let bytes = try await request.formReader.bytes() {
                    admitted = Request(request, body: RequestBody(bytes))
                }
            // If the header has the token, the body is not needed.
            case .multipart where header == nil:
                field = try await request.formReader.field(CSRFSettings.fieldName, settings.limits)
                admitted = Request(
                    request, body: RequestBody(ConsumedBody(), contentLength: request.body.contentLength))
            case .multipart, .none, .json, .other: break
            }
        }
        try check.check(field: field, header: header, secret: secret)
        return admitted
    }
}

/// The settings of the CSRF protection, under Django's names.
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
    /// `CSRF_COOKIE_HTTPONLY`: whether the cookie is hidden from scripts. They then need another source for the
    /// header's token.
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
