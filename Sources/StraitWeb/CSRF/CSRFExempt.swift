public import StraitRouting

/// Takes routes out of a ``CSRFViewMiddleware``'s protection: for programs that post here without a browser, and prove by
/// other means who they are; Django's `csrf_exempt`.
///
/// ```swift
/// path("hooks/payment/", CSRFExempt { request in try await payments.take(request) })
/// ```
public struct CSRFExempt: StagedMiddleware {
    public let inner: any Application
    package var stage: any MiddlewareStage { Stage() }

    /// All routes of `inner`.
    public init(_ inner: any Application) {
        self.inner = inner
    }

    /// One page.
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

/// The mark of a route that needs no token.
struct CSRFExemption: Sendable {}
