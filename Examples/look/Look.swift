public import Strait

/// What the example pages share: a stylesheet, the script that draws messages, and a page to read a file in.
public enum Look {
    /// The stylesheet and the script, at the site's root.
    @RouteBuilder public static var routes: [Route] {
        path("look.css", Endpoint.response(asset("look.css", PackageResources.look_css)))
        path("look.js", Endpoint.response(asset("look.js", PackageResources.look_js)))
    }

    /// An example's page.
    public static func page(_ html: [UInt8]) -> Endpoint { .response(page(Response(type: .html, Bytes(html)))) }

    /// A page that was rendered.
    public static func page(_ response: Response) -> Response {
        var response = response
        // Nothing from elsewhere. The pages' scripts stand in the pages, so that an example is one file to read.
        response.headers["Content-Security-Policy"] =
            "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; "
            + "frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response
    }

    /// An example's own stylesheet.
    public static func style(_ css: [UInt8]) -> Endpoint { .response(asset("style.css", css)) }

    /// A page that shows the text of a file: an example's source, or its tutorial.
    public static func reader(title: String, program: String, path: String, _ text: [UInt8]) -> Endpoint {
        reader(title: title, program: program, [(path, text)])
    }

    /// A page that shows the text of several files.
    public static func reader(
        title: String, program: String, _ files: [(path: String, text: [UInt8])]
    ) -> Endpoint {
        let texts = files.map { file in
            """
            <p class="lead"><code>\(escaped(file.path))</code></p>
            <pre class="\(file.path.hasSuffix(".md") ? "wrapped" : "plain")" tabindex="0"><code>\(
                escaped(String(decoding: file.text, as: UTF8.self)))</code></pre>
            """
        }
        var page = String(decoding: PackageResources.reader_html, as: UTF8.self)
        // The files last: what they contain is not looked for again.
        for (name, value) in [
            ("title", escaped(title)), ("program", escaped(program)), ("files", texts.joined(separator: "\n")),
        ] {
            page = page.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(separator: value)
        }
        return self.page(Array(page.utf8))
    }

    private static func asset(_ name: String, _ bytes: [UInt8]) -> Response {
        var response = Response(type: MediaType(path: name), Bytes(bytes))
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return response
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in text {
            switch character {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            default: result.append(character)
            }
        }
        return result
    }
}
