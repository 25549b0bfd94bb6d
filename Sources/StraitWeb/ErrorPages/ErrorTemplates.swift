internal import StraitHTTP
internal import StraitRouting
internal import StraitTemplates

/// The site's own error pages, under Django's names. They are used only without `DEBUG`.
struct ErrorTemplates: Sendable {
    /// The names of the templates that exist.
    private let names: Set<String>

    /// Creates an empty set of pages.
    init() { names = [] }

    /// Finds the pages that `engine` has. The search is done once, so that a client cannot cause one per error.
    init(of engine: TemplateEngine) {
        let all = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
        // A template with a syntax error counts as existing. The log reports the error when the page is needed.
        names = Set(
            all.filter { name in
                do throws(TemplateError) {
                    _ = try engine.template(name)
                    return true
                } catch {
                    return error.code != .notFound
                }
            })
    }

    func contains(_ status: HTTPStatus) -> Bool { names.contains("\(status.code).html") }

    /// Renders the page for a status. Returns nil if the site has none.
    ///
    /// - Parameter text: The error's text, for pages that may show it.
    /// - Throws: The error of the template.
    func page(of status: HTTPStatus, _ text: String, _ request: Request) throws -> Response? {
        guard contains(status), let site = request.site else { return nil }
        let name = "\(status.code).html"
        // As in Django, 500.html gets no values of the request, as those may have caused the error.
        if status == .internalServerError { return .html(try site.templates.render(name), status: status) }
        return try request.render(name, Self.values(status, text, request), status: status)
    }

    private static func values(
        _ status: HTTPStatus, _ text: String, _ request: Request
    ) -> [String: TemplateValue] {
        switch status {
        case .notFound:
            // Percent-encoded, so that a crafted link cannot put a message on the page.
            [
                "request_path": .string(PercentEncoding.encode(request.path, allowing: .path)),
                "exception": .string(text),
            ]
        case .forbidden: ["exception": .string(text)]
        default: [:]
        }
    }

    /// Renders the page for a request that failed the CSRF check. Returns nil if the site has none.
    ///
    /// - Throws: The error of the template.
    func page(of failure: CSRFFailure, _ request: Request) throws -> Response? {
        guard names.contains("403_csrf.html") else { return nil }
        return try request.render(
            "403_csrf.html",
            [
                "title": "Forbidden", "main": "CSRF verification failed. Request aborted.",
                "reason": .string(failure.reason), "no_referer": .bool(failure == .noReferer),
                "no_cookie": .bool(failure == .noCookie), "DEBUG": .bool(false),
            ], status: failure.status)
    }
}
