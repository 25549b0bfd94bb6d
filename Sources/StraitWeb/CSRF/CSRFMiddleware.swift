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

    public let inner: any Application
    private let settings: CSRFSettings
    private let check: CSRFCheck
    private let failurePage: FailurePage
    private let generator: any RandomNumberGenerator & Sendable

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
        self.settings = settings
        self.generator = generator
        self.failurePage = failurePage
        check = CSRFCheck(settings)
    }

    /// WebSockets pass: what protects them is an ``StraitRouting/OriginValidator``.
    public func resolve(_ scope: Scope) async throws -> Resolution? {
        // An outer one checks already.
        guard scope.type == .http, scope[CSRFStateKey.self] == nil else { return try await inner.resolve(scope) }
        let state = CSRFState(cookie: scope.readCookies[settings.cookieName], generator: generator)
        var scope = scope
        scope[CSRFStateKey.self] = state
        guard var resolution = try await inner.resolve(scope) else { return nil }
        switch resolution.endpoint {
        case .http(let handler):
            let isExempt = resolution.scope[CSRFExemptKey.self]
            resolution.endpoint = .http(Guarded(handler: handler, middleware: self, state: state, isExempt: isExempt))
        case .response(var response):
            try state.apply(to: &response, settings)
            resolution.endpoint = .response(response)
        case .webSocket, .worker: break
        }
        return resolution
    }

    /// A handler that is asked only where the request was not forged.
    private struct Guarded: HTTPHandler {
        let handler: any HTTPHandler
        let middleware: CSRFMiddleware
        let state: CSRFState
        let isExempt: Bool
        var endsWithClient: Bool { handler.endsWithClient }

        func respond(to request: Request) async throws -> Response {
            var response = try await answer(request)
            try state.apply(to: &response, middleware.settings)
            return response
        }

        private func answer(_ request: Request) async throws -> Response {
            if isExempt || request.method.isSafe { return try await handler.respond(to: request) }
            let admitted: Request
            do {
                admitted = try await middleware.admit(request, state)
            } catch let failure as CSRFFailure {
                return try await middleware.failurePage(request, failure)
            }
            return try await handler.respond(to: admitted)
        }
    }

    /// The request as the handler gets it, its form read as far as the token.
    ///
    /// - Throws: ``CSRFFailure``, and ``FormError`` for a form that cannot be read.
    private func admit(_ request: Request, _ state: CSRFState) async throws -> Request {
        try check.checkSite(request.headers, isSecure: request.scope.scheme == "https")
        let secret = try check.secret(cookie: state.cookie)
        let header = request.headers[settings.headerName]
        let type = FormType(request.headers["content-type"])
        var field: String?
        var admitted = request
        if request.method == .post {
            switch type {
            case .urlencoded:
                field = try await request.formReader.field(CSRFSettings.fieldName, settings.limits)
                if let bytes = try await request.formReader.bytes() {
                    admitted = Request(request, body: RequestBody(bytes))
                }
            // With the token in the header, nothing of the body is needed.
            case .multipart where header == nil:
                field = try await request.formReader.field(CSRFSettings.fieldName, settings.limits)
                admitted = Request(request, body: RequestBody(ReadForm(), contentLength: request.body.contentLength))
            case .multipart, .none, .json, .other: break
            }
        }
        try check.check(field: field, header: header, secret: secret)
        return admitted
    }
}
