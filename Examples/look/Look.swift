public import Strait

/// What the example pages share: a stylesheet, the script that draws messages, and a page to read a file in.
public enum Look {
    /// The stylesheet and the script, at the site's root.
    @RouteBuilder public static var routes: [Route] {
        path("look.css", Endpoint.response(asset("look.css", PackageResources.look_css)))
        path("look.js", Endpoint.response(asset("look.js", PackageResources.look_js)))
    }

    /// An example's page.
    public static func page(_ html: [UInt8]) -> Endpoint {
        var response = Response(type: .html, Bytes(html))
        // Nothing from elsewhere. The pages' scripts stand in the pages, so that an example is one file to read.
        response.headers["Content-Security-Policy"] =
            "default-src 'self'; script-src 'self' 'unsafe-inline'; img-src data:; base-uri 'none'; "
            + "frame-ancestors 'none'"
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-cache"
        return .response(response)
    }

    /// A page that shows the text of a file: an example's source, or its tutorial.
    public static func reader(title: String, program: String, path: String, _ text: [UInt8]) -> Endpoint {
        var page = String(decoding: PackageResources.reader_html, as: UTF8.self)
        // The text last: what it contains is not looked for again.
        for (name, value) in [
            ("title", title), ("program", program), ("path", path),
            ("class", path.hasSuffix(".md") ? "wrapped" : "plain"),
            ("text", String(decoding: text, as: UTF8.self)),
        ] {
            page = page.split(separator: "{\(name)}", omittingEmptySubsequences: false).joined(
                separator: escaped(value))
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
