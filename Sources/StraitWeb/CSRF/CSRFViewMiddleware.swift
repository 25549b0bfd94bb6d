public import StraitHTTP
public import StraitRouting

/// Middleware that rejects requests which another site's page makes on a visitor's behalf (cross-site request forgery,
/// CSRF). Django's `CsrfViewMiddleware`.
///
/// Requests with methods other than `GET`, `HEAD`, `OPTIONS` and `TRACE` need the browser's cookie and a matching
/// token. The token is in the form field `csrfmiddlewaretoken` or the header `X-CSRFToken`. If the browser sends the
/// origin of the page, it must be this site or a trusted one. A page gets its token from
/// ``StraitHTTP/Request/csrfToken``.
///
/// In a multipart form, the token must precede the first file, as no file is read before the check. The handler gets
/// the form that was read for the check.
public struct CSRFViewMiddleware: StagedMiddleware {
    /// A closure that answers a rejected request. Django's `CSRF_FAILURE_VIEW`.
    public typealias FailurePage = @Sendable (Request, CSRFFailure) async throws -> Response
    /// The application inside this middleware.
    public let inner: any Application
    private let protection: CSRFProtection
    package var stage: any MiddlewareStage { Stage(protection: protection) }

    /// Wraps `inner` in the check.
    ///
    /// - Parameters:
    ///   - inner: The application to protect.
    ///   - settings: The cookie, and the origins that may post here.
    ///   - generator: The source of secrets and masks. A test can give one that repeats.
    ///   - failurePage: Answers a rejected request. The default is a line of text with 403.
    public init(
        _ inner: any Application, settings: CSRFSettings = CSRFSettings(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        failurePage: @escaping FailurePage = { _, failure in .text(failure.description + "\n", status: failure.status) }
    ) {
        self.inner = inner
        protection = CSRFProtection(settings, generator: generator, failurePage: failurePage)
    }

    /// Wraps `inner` in the check, with the settings and the error pages of `site`.
    public init(_ inner: any Application, in site: SiteContext) {
        let pages = ErrorPages(inner, in: site)
        self.init(inner, settings: CSRFSettings(site.settings), failurePage: { try pages.page(of: $1, $0) })
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .leave, .finish]
        private let protection: CSRFProtection

        init(protection: CSRFProtection) { self.protection = protection }

        /// Prepares the state of a request. WebSockets pass: an ``StraitRouting/OriginValidator`` protects them.
        func enter(_ scope: inout Scope) -> Endpoint? {
            // An outer middleware of this type checks already.
            if scope.type == .http, scope.csrf == nil { scope.csrf = CSRFState(protection, scope.headers) }
            return nil
        }

        func leave(_ resolution: inout Resolution?, _ scope: Scope) {
            guard let state = scope.csrf, state.protection === protection, !scope.method.isSafe,
                case .http(let handler)? = resolution?.endpoint, resolution?.scope[CSRFExemption.self] == nil
            else { return }
            resolution?.endpoint = .http(Guarded(handler: handler, state: state))
        }

        func finish(_ response: inout Response, _ scope: Scope) throws {
            guard let state = scope.csrf, state.protection === protection else { return }
            try state.apply(to: &response)
        }
    }

    /// A handler that is called only if its request passes the check.
    private struct Guarded: HTTPHandler {
        let handler: any HTTPHandler
        let state: CSRFState
        var endsWithClient: Bool { handler.endsWithClient }
        var name: String { handler.name }
        var methods: AllowedMethods? { handler.methods }

        func respond(to request: Request) async throws -> Response {
            try await state.protection.respond(to: request, state, with: handler)
        }
    }
}

/// Middleware that exempts routes from the CSRF check, for programs that post without a browser and authenticate in
/// another way. Django's `csrf_exempt`.
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

/// A mark on a route that needs no token.
package struct CSRFExemption: Sendable {
    package init() {}
}
