import StraitHTTP
import StraitTesting
import StraitWeb
import Testing

/// Text of strangers in templates, header fields and cookies.
@Suite(.serialized) struct InjectionTests {
    private static func get(_ path: String, _ text: String) -> String {
        HostileSite.head("GET /\(path)/?q=" + PercentEncoding.encode(text))
    }

    @Test(arguments: [
        "{{ 7|add:7 }}", "{% include 'good.html' %}", "{% load static %}{% now 'Y' %}", "{# gone #}", "&lt;b&gt;",
        "<script>alert(1)</script>", "\" onload=\"alert(1)", "\"\u{301} onload='alert(1)'", "<\u{301}b>", "\u{600}<b>",
    ])
    func `what a visitor wrote is shown as it is, and read neither as a template nor as HTML`(text: String) async throws
    {
        let site = try HostileSite()
        let entities: [Unicode.Scalar: String] = [
            "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#x27;",
        ]
        let shown = text.unicodeScalars.map { entities[$0] ?? String($0) }.joined()
        let answer = await site.ask(Self.get("show", text))
        #expect(answer.status == 200)
        #expect(answer.body == "<p title=\"\(shown)\">\(shown)</p>\(shown)\(shown)")
        await site.server.stop()
    }

    @Test(arguments: [false, true])
    func `a template that a visitor names is one of the site's or none`(isDebug: Bool) async throws {
        let site = try HostileSite { settings, _ in settings.debug = isDebug }
        #expect(await site.ask(Self.get("page", "good.html")).body == "good page")
        let names = [
            "../secret.txt", "sub/../../secret.txt", "/etc/passwd", "\(site.folder.path)/secret.txt", "link.html",
            "good.html\0.txt", "../secret.txt\0.html", "..\\secret.txt", "%2e%2e/secret.txt", "", ".", "..",
            "./good.html",
        ]
        for name in names {
            let answer = await site.ask(Self.get("page", name))
            #expect(answer.status == 500 && !answer.body.contains(HostileSite.hidden), "\(name)")
            #expect(isDebug || answer.body == "Internal Server Error\n", "\(name)")
        }
        #expect(site.log.lines.count == names.count && site.log.lines.allSatisfy { $0.contains("template") })
        await site.server.stop()
    }

    @Test(
        arguments: ["redirect", "header", "download", "name"],
        [
            "/x\r\nSet-Cookie: a=b", "x\nSet-Cookie: a=b", "x\rSet-Cookie: a=b", "x\0y", "x\u{85}y", "x\u{7F}",
            "x\r\n\r\n<b>",
        ])
    func `a line end in a header field is refused before any of the answer is sent`(
        path: String, text: String
    ) async throws {
        let site = try HostileSite()
        let answer = await site.ask(Self.get(path, text))
        #expect(answer.status == 500 && answer.body == "Internal Server Error\n")
        for name in ["set-cookie", "location", "x-echo", "content-disposition"] { #expect(answer[name] == nil) }
        #expect(site.log.lines.count == 1 && site.log.lines[0].hasPrefix("error The response failed: "))
        await site.server.stop()
    }

    @Test(arguments: [
        "x\r\nSet-Cookie: a=b", "x; csrftoken=evil", "x\u{37E} csrftoken=evil", "\"x\"; csrftoken=evil", "x\0", "x,a=b",
        "=\u{301}; a=b", "\u{600}; a=b",
    ])
    func `a cookie is one cookie whatever its value is, and comes back as one`(value: String) async throws {
        let site = try HostileSite()
        let answer = await site.ask(Self.get("cookie", value))
        let cookies = answer.fields.filter { $0.name == "set-cookie" }.map(\.value)
        #expect(answer.status == 200 && cookies.count == 1)
        let pair = try #require(cookies.first?.unicodeScalars.split(separator: ";").first)
        let next = await site.ask(HostileSite.head("GET /cookie/", ["Cookie: \(String(pair))"]))
        #expect(next.body == "last", "\(String(pair))")
        await site.server.stop()
    }

    @Test(arguments: ["example.com", "*"])
    func `a host that is none of the site's, or none at all, is refused`(allowed: String) async throws {
        let site = try HostileSite { settings, _ in settings.allowedHosts = [allowed] }
        let none = [
            ["Host: example.com", "Host: example.com"], ["Host: example.com, evil.com"], ["Host: example.com@evil.com"],
            ["Host: example.com/x"], ["Host: example.com:80:80"], ["Host: example.com:99999"], ["Host: example.com:x"],
            ["Host: exa mple.com"], ["Host: [::1"], ["Host: example.com#"], ["Host: example.com?"],
            ["Host: ex\u{E4}mple.com"],
            ["Host: example.com\\.evil.com"], ["Host: <b>"], ["Host: \"example.com\""],
        ]
        for fields in none {
            let answer = await site.ask(HostileSite.head("GET /", fields))
            #expect(answer.status == 400 && !answer.body.contains("home"), "\(fields)")
        }
        #expect(await site.ask("GET / HTTP/1.1\r\n\r\n").status == 400)
        let others = [
            ("GET /", "evil.com"), ("GET /", "example.com.evil.com"), ("GET /", "xexample.com"), ("GET /", ""),
            ("GET http://evil.com/", "example.com"),
        ]
        for (line, host) in others {
            let status = await site.ask(HostileSite.head(line, ["Host: \(host)"])).status
            #expect(status == (allowed == "*" ? 200 : 400), "\(line) \(host)")
        }
        // Of a whole address, the Host field counts for nothing (RFC 9112 §3.2.2).
        #expect(await site.ask(HostileSite.head("GET http://example.com/", ["Host: evil.com"])).status == 200)
        await site.server.stop()
    }
}
