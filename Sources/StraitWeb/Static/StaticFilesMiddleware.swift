public import StraitRouting

/// Serves static files under `STATIC_URL`, and everything else by the application within.
public struct StaticFilesMiddleware: StagedMiddleware {
    public let inner: any Application
    private let files: Stage
    package var stage: any MiddlewareStage { files }

    /// - Throws: `RoutingError` if `STATIC_URL` is not a path.
    public init(_ inner: any Application, files: StaticFiles) throws(RoutingError) {
        self.inner = inner
        self.files = Stage(prefix: files.servedPath, router: try URLRouter(files.routes))
    }

    public var urlPatterns: [URLPattern] { inner.urlPatterns + files.router.urlPatterns }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .enter
        private let prefix: String?
        let router: URLRouter

        init(prefix: String?, router: URLRouter) {
            self.prefix = prefix
            self.router = router
        }

        /// The page that the site has there, if it has one, is reached if there is no such file.
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
