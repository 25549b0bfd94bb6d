internal import StraitHTTP
public import StraitRouting

/// Says who may show the site's pages in a frame, unless a response says so itself; Django's `XFrameOptionsMiddleware`.
public struct XFrameOptionsMiddleware: StagedMiddleware {
    public let inner: any Application
    private let policy: Stage
    package var stage: any MiddlewareStage { policy }

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
