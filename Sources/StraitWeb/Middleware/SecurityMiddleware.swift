internal import StraitCore
import StraitHTTP
public import StraitRouting

/// Middleware that adds security headers to the responses of everything inside it, and redirects to HTTPS if the
/// settings say so. Django's
/// `SecurityMiddleware`.
///
/// A header that the response has already is kept.
public struct SecurityMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let security: Stage
    package var stage: any MiddlewareStage { security }

    /// Wraps `inner` in the headers and the redirect of `settings`.
    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        security = Stage(settings)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks
        /// The headers of responses over plain HTTP; those over HTTPS get `secureHeaders`.
        private let headers: HTTPFields
        private let secureHeaders: HTTPFields
        private let redirects: Bool
        private let host: String?

        init(_ settings: Settings) {
            var headers = HTTPFields()
            if settings.secureContentTypeNosniff { headers["x-content-type-options"] = "nosniff" }
            headers["referrer-policy"] = settings.secureReferrerPolicy
            headers["cross-origin-opener-policy"] = settings.secureCrossOriginOpenerPolicy
            self.headers = headers
            if settings.secureHSTSSeconds != 0 {
                headers["strict-transport-security"] =
                    "max-age=\(settings.secureHSTSSeconds)"
                    + (settings.secureHSTSIncludeSubdomains ? "; includeSubDomains" : "")
                    + (settings.secureHSTSPreload ? "; preload" : "")
            }
            secureHeaders = headers
            redirects = settings.secureSSLRedirect
            hooks = redirects ? [.enter, .finish] : .finish
            host = settings.secureSSLHost
        }

        func enter(_ scope: inout Scope) -> Endpoint? {
            guard redirects, scope.type == .http, scope.scheme == "http", let host = host ?? scope.headers["host"]
            else { return nil }
            let query = scope.queryString.isEmpty ? "" : "?" + scope.queryString
            return .response(.redirect(to: "https://\(host)\(scope.mountedRawPath)\(query)", permanent: true))
        }

        func finish(_ response: inout Response, _ scope: Scope) {
            guard scope.type == .http else { return }
            response.headers.appendMissing(of: scope.scheme == "https" ? secureHeaders : headers)
        }
    }
}

/// Middleware that adds `X-Frame-Options` to responses without it. The header says which sites may show a page in a
/// frame. Django's `XFrameOptionsMiddleware`.
public struct XFrameOptionsMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let policy: Stage
    package var stage: any MiddlewareStage { policy }

    /// Wraps `inner` in the header that `X_FRAME_OPTIONS` gives.
    public init(_ inner: any Application, settings: Settings) {
        self.inner = inner
        var headers = HTTPFields()
        headers["x-frame-options"] = settings.xFrameOptions
        policy = Stage(headers: headers)
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .finish
        private let headers: HTTPFields

        init(headers: HTTPFields) { self.headers = headers }

        func finish(_ response: inout Response, _ scope: Scope) {
            if scope.type == .http { response.headers.appendMissing(of: headers) }
        }
    }
}
