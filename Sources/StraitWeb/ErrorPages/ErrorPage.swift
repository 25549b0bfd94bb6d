internal import StraitHTTP
internal import StraitTemplates

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
