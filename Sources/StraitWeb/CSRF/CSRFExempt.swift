public import StraitRouting

/// Takes routes out of a ``CSRFMiddleware``'s protection: for programs that post here without a browser, and prove by
/// other means who they are; Django's `csrf_exempt`.
///
/// ```swift
/// path("hooks/payment/", CSRFExempt { request in try await payments.take(request) })
/// ```
public struct CSRFExempt: Middleware {
    public let inner: any Application

    /// All routes of `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    /// One page.
    public init(_ respond: @escaping @Sendable (Request) async throws -> Response) {
        inner = Endpoint.http(Page(respond))
    }

    public func resolve(_ scope: Scope) async throws -> Resolution? {
        var resolution = try await inner.resolve(scope)
        resolution?.scope[CSRFExemptKey.self] = true
        return resolution
    }

    private struct Page: HTTPHandler {
        let body: @Sendable (Request) async throws -> Response

        init(_ body: @escaping @Sendable (Request) async throws -> Response) {
            self.body = body
        }

        func respond(to request: Request) async throws -> Response { try await body(request) }
    }
}

/// Whether a route needs no token.
enum CSRFExemptKey: ScopeKey {
    static var defaultValue: Bool { false }
}
