internal import StraitHTTP
internal import StraitNetwork
public import StraitRouting

/// Adds the fields to every response that make browsers careful, and redirects to HTTPS where the settings want it;
/// Django's `SecurityMiddleware` and `XFrameOptionsMiddleware`. What a response says itself stays.
public struct SecurityMiddleware: Middleware {
    public let inner: any Application
    private let fields: [(name: String, value: String)]
    private let transportSecurity: String?
    private let redirects: Bool
    private let host: String?

    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        var fields: [(name: String, value: String)] = []
        if settings.secureContentTypeNosniff { fields.append(("x-content-type-options", "nosniff")) }
        if let value = settings.secureReferrerPolicy { fields.append(("referrer-policy", value)) }
        if let value = settings.secureCrossOriginOpenerPolicy { fields.append(("cross-origin-opener-policy", value)) }
        if let value = settings.xFrameOptions { fields.append(("x-frame-options", value)) }
        self.fields = fields
        transportSecurity =
            settings.secureHSTSSeconds == 0
            ? nil
            : "max-age=\(settings.secureHSTSSeconds)"
                + (settings.secureHSTSIncludeSubdomains ? "; includeSubDomains" : "")
                + (settings.secureHSTSPreload ? "; preload" : "")
        redirects = settings.secureSSLRedirect
        host = settings.secureSSLHost
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        guard scope.type == .http else { return try await inner.resolve(scope) }
        if redirects, scope.scheme == "http", let host = host ?? scope.headers["host"] {
            let query = scope.queryString.isEmpty ? "" : "?" + scope.queryString
            let response = Response.redirect(to: "https://\(host)\(scope.rawPath)\(query)", permanent: true)
            return Resolution(scope: scope, endpoint: .response(response))
        }
        guard let resolution = try await inner.resolve(scope) else { return nil }
        let isSecure = scope.scheme == "https"
        return try await resolution.mapResponse { response in
            var response = response
            for field in fields where response.headers[field.name] == nil {
                response.headers[field.name] = field.value
            }
            if isSecure, let transportSecurity, response.headers["strict-transport-security"] == nil {
                response.headers["strict-transport-security"] = transportSecurity
            }
            return response
        }
    }
}
