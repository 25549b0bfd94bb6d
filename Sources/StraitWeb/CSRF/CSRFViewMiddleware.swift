internal import StraitHTTP
public import StraitRouting

/// Refuses requests that another site's page makes in its visitor's name; Django's `CsrfViewMiddleware`.
///
/// A request with another method than GET, HEAD, OPTIONS and TRACE needs the browser's cookie, and a token for it in
/// the field `csrfmiddlewaretoken` or the header `X-CSRFToken`; and where the browser says from which site its page is,
/// that has to be this or a trusted one. A page gets its token from ``StraitRouting/Request/csrfToken``.
///
/// Where the token is in a multipart form, it has to come before the first file: nothing of a file is taken before the
/// check. The form that was read for it is kept for the handler.
public struct CSRFViewMiddleware: StagedMiddleware {
    /// What answers a request that was refused; Django's `CSRF_FAILURE_VIEW`.
    public typealias FailurePage = @Sendable (Request, CSRFFailure) async throws -> Response
    public let inner: any Application
    private let protection: CSRFProtection
    package var stage: any MiddlewareStage { Stage(protection: protection) }

    /// - Parameters:
    ///   - settings: The cookie, and which other sites may post here.
    ///   - generator: Where secrets and masks come from; give tests one that repeats.
    ///   - failurePage: Answers a request that was refused; by default a line of text, with 403.
    public init(
        _ inner: any Application, settings: CSRFSettings = CSRFSettings(),
        generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        failurePage: @escaping FailurePage = { _, failure in .text(failure.description + "\n", status: failure.status) }
    ) {
        self.inner = inner
        protection = CSRFProtection(settings, generator: generator, failurePage: failurePage)
    }

    /// The protection of `site`, whose error pages tell of a refusal.
    public init(_ inner: any Application, in site: SiteContext) {
        let pages = ErrorPages(inner, in: site)
        self.init(inner, settings: CSRFSettings(site.settings), failurePage: { try pages.page(of: $1, $0) })
    }

    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = [.enter, .leave, .finish]
        private let protection: CSRFProtection

        init(protection: CSRFProtection) { self.protection = protection }

        /// WebSockets pass: an ``StraitRouting/OriginValidator`` protects them.
        func enter(_ scope: inout Scope) -> Endpoint? {
            // An outer one checks already.
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

    /// A handler that is asked only where the request was not forged.
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
