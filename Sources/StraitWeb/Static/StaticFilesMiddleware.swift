public import StraitRouting

/// Serves static files under `STATIC_URL`. All other requests go to the inner application.
public struct StaticFilesMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let files: Stage
    package var stage: any MiddlewareStage { files }

    /// Wraps `inner` in the static files.
    ///
    /// - Throws: `RoutingError` if `STATIC_URL` cannot be used as a route.
    public init(_ inner: any Application, files: StaticFiles) throws(RoutingError) {
        self.inner = inner
        self.files = Stage(prefix: files.servedPath, router: try URLRouter(files.routes))
    }

    /// The patterns of the inner application, followed by that of the static files.
    public var urlPatterns: [URLPattern] { inner.urlPatterns + files.router.urlPatterns }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .enter
        private let prefix: String?
        let router: URLRouter

        init(prefix: String?, router: URLRouter) {
            self.prefix = prefix
            self.router = router
        }

        /// Returns the endpoint of the static files for a path beneath `STATIC_URL`.
        func enter(_ scope: inout Scope) throws -> Endpoint? {
            let root = scope.rootPath
            guard scope.type == .http, let prefix, scope.path.hasPrefix(root.isEmpty ? prefix : root + prefix),
                case .resolved(let resolution?) = try router.resolveNow(scope)
            else { return nil }
            scope = resolution.scope
            return resolution.endpoint
        }
    }
}
