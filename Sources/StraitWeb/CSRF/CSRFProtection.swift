internal import StraitHTTP
internal import StraitRouting

/// What a ``CSRFMiddleware`` asks of every request. A class, as each request has it in its scope.
final class CSRFProtection: Sendable {
    let settings: CSRFSettings
    private let check: CSRFCheck
    private let failurePage: CSRFMiddleware.FailurePage
    private let generator: any RandomNumberGenerator & Sendable

    init(
        _ settings: CSRFSettings, generator: any RandomNumberGenerator & Sendable,
        failurePage: @escaping CSRFMiddleware.FailurePage
    ) {
        self.settings = settings
        self.generator = generator
        self.failurePage = failurePage
        check = CSRFCheck(settings)
    }

    /// The state of `request`, which is made when it is asked for first.
    func state(_ request: Request) -> CSRFState {
        request.storage.value { state(request.scope) }
    }

    /// A new state.
    func state(_ scope: Scope) -> CSRFState {
        CSRFState(cookie: scope.readCookies[settings.cookieName], generator: generator)
    }

    /// What `handler` answers, where the request is not forged.
    func respond(to request: Request, with handler: any HTTPHandler) async throws -> Response {
        let admitted: Request
        do {
            admitted = try await admit(request)
        } catch let failure as CSRFFailure {
            return try await failurePage(request, failure)
        }
        return try await handler.respond(to: admitted)
    }

    /// The request as the handler gets it, its form read as far as the token.
    ///
    /// - Throws: ``CSRFFailure``, and ``FormError`` for a form that cannot be read.
    private func admit(_ request: Request) async throws -> Request {
        try check.checkSite(request.headers, isSecure: request.scope.scheme == "https")
        let secret = try check.secret(cookie: state(request).cookie)
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

/// Where a scope has what protects it.
private enum CSRFProtectionKey: ScopeKey {
    static var defaultValue: CSRFProtection? { nil }
}

extension Scope {
    /// What checks this scope's requests; nil outside of a ``CSRFMiddleware``.
    var csrfProtection: CSRFProtection? {
        get { self[CSRFProtectionKey.self] }
        set { self[CSRFProtectionKey.self] = newValue }
    }
}
