internal import StraitHTTP
internal import StraitNetwork
internal import StraitRouting

/// The checks of a ``CSRFViewMiddleware``. It is a class because each request's state refers to it.
final class CSRFProtection: Sendable {
    let settings: CSRFSettings
    private let check: CSRFCheck
    private let failurePage: CSRFViewMiddleware.FailurePage
    let generator: any RandomNumberGenerator & Sendable

    init(
        _ settings: CSRFSettings, generator: any RandomNumberGenerator & Sendable,
        failurePage: @escaping CSRFViewMiddleware.FailurePage
    ) {
        self.settings = settings
        self.generator = generator
        self.failurePage = failurePage
        check = CSRFCheck(settings)
    }

    /// Calls `handler` if the request passes the check; otherwise returns the failure page.
    func respond(to request: Request, _ state: CSRFState, with handler: any HTTPHandler) async throws -> Response {
        let admitted: Request
        do {
            admitted = try await admit(request, state)
        } catch let failure as CSRFFailure {
            request.log.warning(
                "Rejected \(request.method.rawValue): \(failure.reason)",
                metadata: ["path": "\(request.scope.rawPath)"])
            return try await failurePage(request, failure)
        }
        return try await handler.respond(to: admitted)
    }

    /// Checks the request and returns it for the handler, with its form read up to the token.
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
            // If the header has the token, the body is not needed.
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
