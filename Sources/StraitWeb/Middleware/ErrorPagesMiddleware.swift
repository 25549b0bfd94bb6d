internal import StraitCore
import StraitHTTP
public import StraitRouting

/// Middleware that adds an error page to responses for browsers. With `DEBUG`, the page shows the error and the
/// request.
///
/// Without `DEBUG`, it reveals as little as possible. The site's own templates are used if it has them: `400.html`,
/// `403.html`, `403_csrf.html`, `404.html`, `500.html`. Clients that do not accept HTML get plain text.
public struct ErrorPagesMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    let pages: ErrorPages
    package var stage: any MiddlewareStage { pages }

    /// Wraps `inner` in error pages that use no templates.
    public init(_ inner: any Application, isDebug: Bool) {
        self.init(inner, ErrorPages(isDebug: isDebug, patterns: isDebug ? inner.urlPatterns : []))
    }

    init(_ inner: any Application, _ pages: ErrorPages) {
        self.inner = inner
        self.pages = pages
    }
}

/// The error pages of a site.
final class ErrorPages: MiddlewareStage {
    let hooks: StageHooks = [.leave, .finish]
    let isDebug: Bool
    /// The site's own pages, for use without `DEBUG`.
    let templates: ErrorTemplates
    /// The routes that the debug page for an unknown path lists.
    let patterns: [URLPattern]

    init(isDebug: Bool, templates: ErrorTemplates = ErrorTemplates(), patterns: [URLPattern]) {
        self.isDebug = isDebug
        self.templates = templates
        self.patterns = patterns
    }

    /// Creates the pages of `site` for the middleware around `inner`.
    convenience init(_ inner: any Application, in site: SiteContext) {
        let isDebug = site.settings.debug
        self.init(
            isDebug: isDebug, templates: isDebug ? ErrorTemplates() : ErrorTemplates(of: site.templates),
            patterns: isDebug ? inner.urlPatterns : [])
    }

    /// Turns the error into a page for the client. The server logs the error.
    func recover(from error: any Error, _ scope: Scope) -> Resolution? {
        guard scope.type == .http, !(error is CancellationError) else { return nil }
        return failed(scope, error)
    }

    func leave(_ resolution: inout Resolution?, _ scope: Scope) {
        if scope.type == .http, resolution == nil { resolution = notFound(scope) }
    }

    func finish(_ response: inout Response, _ scope: Scope) {
        if scope.type == .http, response.status == .methodNotAllowed { response = page(ofRefusal: response, scope) }
    }

    private struct Failed: ImmediateHandler {
        let error: any Error
        func answer(_ request: Request) throws -> Response { throw error }
    }

    /// Returns the resolution for an error page. It is exempt from the CSRF check, as it changes nothing.
    private func failed(_ scope: Scope, _ error: any Error) -> Resolution {
        var scope = scope
        scope[CSRFExemption.self] = CSRFExemption()
        return Resolution(scope: scope, endpoint: .http(Failed(error: error)))
    }

    /// Returns the response to a request whose handler threw `error`; nil if the client has disconnected.
    func answer(to error: any Error, _ request: Request) -> Response? {
        // A disconnected client gets no answer, and a disconnect is not an error of the site.
        if error is CancellationError || (error as? TransportError)?.isPeerFault == true { return nil }
        let known = error as? any HTTPStatusError
        let status = known?.status ?? .internalServerError
        if status.code >= 500 {
            request.log.error(
                "\(request.method.rawValue) failed: \(error)", metadata: ["path": "\(request.scope.rawPath)"])
        }
        if isDebug, status.code >= 500 {
            return page(
                status, request.scope, title: "\(type(of: error))", text: String(describing: error), sections: [])
        }
        let text = status.code < 500 ? known?.description : nil
        do {
            if !isDebug, Self.wantsHTML(request.scope),
                let page = try templates.page(of: status, text ?? status.reasonPhrase, request)
            {
                return Self.varying(page)
            }
        } catch  where status != .internalServerError {
            // A failing template is the site's fault, whatever the client sent.
            return answer(to: error, request)
        } catch {
            request.log.error("The error page failed too: \(error)")
        }
        return Self.plain(status, request.scope, text)
    }

    /// Returns the page for a request that failed the CSRF check. With `DEBUG` it gives advice.
    ///
    /// - Throws: The error of the site's template.
    func page(of failure: CSRFFailure, _ request: Request) throws -> Response {
        guard Self.wantsHTML(request.scope) else {
            return Self.plain(failure.status, request.scope, isDebug ? failure.description : failure.reason)
        }
        if isDebug {
            let page = ErrorPage(
                status: failure.status, title: "CSRF verification failed.",
                text: "\(failure.reason)\n\n\(failure.advice)", note: Self.debugNote)
            return Self.varying(.html(page.html, status: failure.status))
        }
        return try templates.page(of: failure, request).map(Self.varying)
            ?? Self.plain(failure.status, request.scope, failure.reason)
    }

    /// Returns the page for a method that the route does not allow.
    private func page(ofRefusal response: Response, _ scope: Scope) -> Response {
        // The body of a view's own 405 is kept.
        guard response.status == .methodNotAllowed, let methods = response.headers["allow"],
            case .bytes(let bytes) = response.body, bytes == Self.refusal
        else { return response }
        guard Self.wantsHTML(scope) else { return Self.varying(response) }
        let page =
            isDebug
            ? page(
                response.status, scope, title: "This page does not accept \(scope.method.rawValue).",
                text: "It accepts \(methods).", sections: [])
            : Self.plain(response.status, scope, nil)
        var answer = response
        answer.body = page.body
        answer.headers["content-type"] = page.headers["content-type"]
        return Self.varying(answer)
    }

    /// The body of a route's response to a method that it does not allow.
    private static let refusal = Bytes(HTTPStatus.methodNotAllowed.reasonPhrase + "\n")

    private func notFound(_ scope: Scope) -> Resolution {
        if !isDebug, templates.contains(.notFound), Self.wantsHTML(scope) {
            return failed(scope, HTTPError(.notFound))
        }
        let response = isDebug ? tried(scope) : Self.plain(.notFound, scope, nil)
        return Resolution(scope: scope, endpoint: .response(response))
    }

    private func tried(_ scope: Scope) -> Response {
        let tried = patterns.filter { $0.kind != .webSocket }
        let sockets = patterns.filter { $0.kind == .webSocket }
        var sections = [ErrorPage.Section("Tried, in this order", rows: tried.map(Self.row))]
        if !sockets.isEmpty { sections.append(ErrorPage.Section("For sockets", rows: sockets.map(Self.row))) }
        return page(
            .notFound, scope, title: "No page has the path \(scope.path)",
            text: tried.isEmpty ? "The site has no pages yet." : "These are the site's routes.", sections: sections)
    }

    private static func row(_ pattern: URLPattern) -> (String, String) {
        ("/" + pattern.text, pattern.qualifiedName ?? "")
    }

    /// Returns the page or text for use without `DEBUG`.
    private static func plain(_ status: HTTPStatus, _ scope: Scope, _ text: String?) -> Response {
        guard wantsHTML(scope) else { return varying(.text((text ?? status.reasonPhrase) + "\n", status: status)) }
        return varying(
            .html(ErrorPage(status: status, title: status.reasonPhrase, text: text ?? "").html, status: status))
    }

    /// Adds `Vary: Accept`: a cache may store a 404 or a 405, and its body depends on that header.
    private static func varying(_ response: Response) -> Response {
        var response = response
        response.headers.addVary("Accept")
        return response
    }

    private func page(
        _ status: HTTPStatus, _ scope: Scope, title: String, text: String, sections: [ErrorPage.Section]
    ) -> Response {
        guard Self.wantsHTML(scope) else {
            let lines = sections.flatMap { section in
                ["", section.title + ":"] + section.rows.map { "  \($0.0)" + ($0.1.isEmpty ? "" : "  (\($0.1))") }
            }
            return Self.varying(.text(([title, text] + lines).joined(separator: "\n") + "\n", status: status))
        }
        let request = ErrorPage.Section(
            "The request",
            rows: [("method", scope.method.rawValue), ("path", scope.path), ("query", scope.queryString)]
                + scope.headers.map { ($0.name, Self.isSecret($0.name) ? "********" : $0.value) })
        let page = ErrorPage(
            status: status, title: title, text: text, sections: sections + [request],
            note: Self.debugNote)
        return Self.varying(.html(page.html, status: status))
    }

    private static let debugNote = "This is shown because DEBUG is on."

    private static func isSecret(_ name: String) -> Bool {
        ["cookie", "authorization", "proxy-authorization", "x-csrftoken"].contains(name.lowercased())
    }

    /// Whether the client accepts HTML.
    private static func wantsHTML(_ scope: Scope) -> Bool {
        scope.headers.values(of: "accept").contains { $0.contains("text/html") || $0.contains("application/xhtml+xml") }
    }
}
