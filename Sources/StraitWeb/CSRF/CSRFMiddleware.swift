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
public struct CSRFMiddleware: Middleware {
    /// What answers a request that was refused; Django's `CSRF_FAILURE_VIEW`.
    public typealias FailurePage = @Sendable (Request, CSRFFailure) async throws -> Response
    /// What answers a request whose form could not be read for its token; nil for nothing.
    typealias ErrorPage = @Sendable (any Error, Request) -> Response?

    public let inner: any Application
    private let protection: CSRFProtection

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
        protection = CSRFProtection(settings, generator: generator, failurePage: failurePage, errorPage: nil)
    }

    init(
        _ inner: any Application, settings: CSRFSettings, failurePage: @escaping FailurePage,
        errorPage: @escaping ErrorPage
    ) {
        self.inner = inner
        protection = CSRFProtection(
            settings, generator: SystemRandomNumberGenerator(), failurePage: failurePage, errorPage: errorPage)
    }

    /// WebSockets pass: what protects them is an ``StraitRouting/OriginValidator``.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // An outer one checks already.
        guard scope.type == .http, scope.csrf == nil else { return try await inner.resolve(scope) }
        let state = CSRFState(protection, scope)
        var scope = scope
        scope.csrf = state
        guard var resolution = try await inner.resolve(scope) else { return nil }
        if !scope.method.isSafe, !resolution.scope[CSRFExemptKey.self], case .http(let handler) = resolution.endpoint {
            resolution.endpoint = .http(Guarded(handler: handler, state: state))
        }
        try resolution.changeResponse { try state.apply(to: &$0) }
        return resolution
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
