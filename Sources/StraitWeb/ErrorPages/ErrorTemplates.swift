internal import StraitHTTP
internal import StraitRouting
internal import StraitTemplates

/// The site's own pages of errors, by Django's names. Strangers see them; with `DEBUG` nobody does.
struct ErrorTemplates: Sendable {
    /// Which of them there are.
    private let names: Set<String>

    /// None.
    init() { names = [] }

    /// Those that `engine` has. They are looked for once: an error that anybody can cause is not to cost a search.
    init(of engine: TemplateEngine) {
        let all = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
        // One that is there and cannot be parsed is said in the log, when it is needed.
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

    /// The page for a status, or nil where the site has none for it.
    ///
    /// - Parameter text: What the error says, for the pages that may show it.
    /// - Throws: What is wrong with the template.
    func page(of status: HTTPStatus, _ text: String, _ request: Request) throws -> Response? {
        guard contains(status), let site = request.site else { return nil }
        let name = "\(status.code).html"
        // As in Django, and so that what broke a page does not break this one: nothing of the request.
        if status == .internalServerError { return .html(try site.templates.render(name), status: status) }
        return try request.render(name, Self.values(status, text, request), status: status)
    }

    private static func values(
        _ status: HTTPStatus, _ text: String, _ request: Request
    ) -> [String: TemplateValue] {
        switch status {
        case .notFound:
            // Quoted, so that nobody has the page say something by a link.
            [
                "request_path": .string(PercentEncoding.encode(request.path, allowing: .path)),
                "exception": .string(text),
            ]
        case .forbidden: ["exception": .string(text)]
        default: [:]
        }
    }

    /// The page for a request that may be forged, or nil where the site has none for it.
    ///
    /// - Throws: What is wrong with the template.
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
