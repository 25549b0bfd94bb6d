public import StraitRouting

/// Exempts routes from the CSRF check, for programs that post without a browser and authenticate in another way.
/// Django's `csrf_exempt`.
///
/// ```swift
/// path("hooks/payment/", CSRFExempt { request in try await payments.take(request) })
/// ```
public struct CSRFExempt: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    /// Exempts all routes of `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    /// Exempts one page.
    ///
    /// - Parameter respond: The page's handler.
    public init(_ respond: @escaping @Sendable (Request) async throws -> Response) {
        inner = Endpoint.http(Page(respond))
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .leave

        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            resolution?.scope[CSRFExemption.self] = CSRFExemption()
        }
    }

    private struct Page: HTTPHandler {
        let body: @Sendable (Request) async throws -> Response

        init(_ body: @escaping @Sendable (Request) async throws -> Response) {
            self.body = body
        }

        func respond(to request: Request) async throws -> Response { try await body(request) }
    }
}

/// A route's mark that it needs no token.
struct CSRFExemption: Sendable {}
