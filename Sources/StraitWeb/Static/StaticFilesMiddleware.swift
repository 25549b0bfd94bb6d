public import StraitRouting

/// Serves static files under `STATIC_URL`, and everything else by the application within.
public struct StaticFilesMiddleware: Middleware {
    public let inner: any Application
    private let router: URLRouter
    private let prefix: String?

    /// - Throws: `RoutingError` if `STATIC_URL` is not a path.
    public init(_ inner: any Application, files: StaticFiles) throws(RoutingError) {
        self.inner = inner
        prefix = files.servedPath
        router = try URLRouter(files.routes)
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // The page that the site has there, if it has one, is reached where no such file is looked for.
        let root = scope.rootPath
        if scope.type == .http, let prefix, scope.path.hasPrefix(root.isEmpty ? prefix : root + prefix),
            let resolution = try await router.resolve(scope)
        {
            return resolution
        }
        return try await inner.resolve(scope)
    }

    public var urlPatterns: [URLPattern] { inner.urlPatterns + router.urlPatterns }
}
