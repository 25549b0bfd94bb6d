internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// Adds the fields to every response that make browsers careful, and redirects to HTTPS where the settings want it;
/// Django's `SecurityMiddleware` and `XFrameOptionsMiddleware`. What a response says itself stays.
public struct SecurityMiddleware: Middleware {
    public let inner: any Application
    /// What responses to plain and to encrypted requests get, as far as they do not say it themselves.
    private let fields: HTTPFields
    private let secureFields: HTTPFields
    private let redirects: Bool
    private let host: String?

    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        var fields = HTTPFields()
        if settings.secureContentTypeNosniff { fields["x-content-type-options"] = "nosniff" }
        fields["referrer-policy"] = settings.secureReferrerPolicy
        fields["cross-origin-opener-policy"] = settings.secureCrossOriginOpenerPolicy
        fields["x-frame-options"] = settings.xFrameOptions
        self.fields = fields
        if settings.secureHSTSSeconds != 0 {
            fields["strict-transport-security"] =
                "max-age=\(settings.secureHSTSSeconds)"
                + (settings.secureHSTSIncludeSubdomains ? "; includeSubDomains" : "")
                + (settings.secureHSTSPreload ? "; preload" : "")
        }
        secureFields = fields
        redirects = settings.secureSSLRedirect
        host = settings.secureSSLHost
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type == .http else { return try await inner.resolve(scope) }
        if redirects, scope.scheme == "http", let host = host ?? scope.headers["host"] {
            let query = scope.queryString.isEmpty ? "" : "?" + scope.queryString
            let response = Response.redirect(to: "https://\(host)\(scope.mountedRawPath)\(query)", permanent: true)
            return Resolution(scope: scope, endpoint: .response(response))
        }
        guard var resolution = try await inner.resolve(scope) else { return nil }
        let fields = scope.scheme == "https" ? secureFields : fields
        try resolution.changeResponse { $0.headers.appendMissing(of: fields) }
        return resolution
    }
}
