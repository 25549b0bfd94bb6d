internal import StraitHTTP
internal import StraitRouting
internal import StraitTemplates
internal import StraitText

/// A self-contained error page: it uses no template or style sheet of the site.
struct ErrorPage {
    /// A table with a title.
    struct Section {
        let title: String
        let rows: [(String, String)]

        init(_ title: String, rows: [(String, String)]) {
            self.title = title
            self.rows = rows
        }
    }

    let status: HTTPStatus
    let title: String
    let text: String
    var sections: [Section] = []
    var note = ""

    var html: String {
        var page = """
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>\(status.code) \(Self.escaped(status.reasonPhrase))</title>
            <style>\(Self.style)</style>
            </head>
            <body>
            <main>
            <p class="status">\(status.code)\
            \(title == status.reasonPhrase ? "" : " " + Self.escaped(status.reasonPhrase))</p>
            <h1>\(Self.escaped(title))</h1>

            """
        if !text.isEmpty { page += "<p class=\"text\">\(Self.escaped(text))</p>\n" }
        for section in sections where !section.rows.isEmpty {
            page += "<h2>\(Self.escaped(section.title))</h2>\n<div class=\"scroll\"><table>\n"
            for (name, value) in section.rows {
                let row =
                    value.isEmpty
                    ? "<th scope=\"row\" colspan=\"2\">\(Self.escaped(name))</th>"
                    : "<th scope=\"row\">\(Self.escaped(name))</th><td>\(Self.escaped(value))</td>"
                page += "<tr>\(row)</tr>\n"
            }
            page += "</table></div>\n"
        }
        if !note.isEmpty { page += "<p class=\"note\">\(Self.escaped(note))</p>\n" }
        return page + "</main>\n</body>\n</html>\n"
    }

    private static let style = """
        :root { color-scheme: light dark; }
        body { margin: 0; padding: 2rem 1rem; font: 1rem/1.5 system-ui, sans-serif; background: Canvas; \
        color: CanvasText; }
        main { max-width: 60rem; margin: auto; }
        .status { margin: 0; opacity: .7; }
        h1 { margin: .2em 0 .5em; font-size: 1.6rem; line-height: 1.25; overflow-wrap: anywhere; }
        h2 { margin: 2em 0 .5em; font-size: 1rem; }
        .text { white-space: pre-wrap; overflow-wrap: anywhere; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; font: .875rem/1.5 ui-monospace, monospace; }
        th, td { padding: .3em .8em .3em 0; text-align: left; vertical-align: top; \
        border-top: 1px solid color-mix(in srgb, currentColor 20%, transparent); font-weight: normal; }
        th { white-space: nowrap; }
        td { overflow-wrap: anywhere; opacity: .8; }
        @media (max-width: 40rem) {
            table { table-layout: fixed; }
            th { width: 50%; white-space: normal; overflow-wrap: anywhere; }
        }
        .note { margin-top: 2em; opacity: .7; }
        """

    private static func escaped(_ text: String) -> String { SafeString(escaping: text).description }
}

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
