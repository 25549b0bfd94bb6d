internal import StraitHTTP
public import StraitRouting

/// Adds `X-Frame-Options` to responses without it, which says which sites may show a page in a frame. Django's
/// `XFrameOptionsMiddleware`.
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
