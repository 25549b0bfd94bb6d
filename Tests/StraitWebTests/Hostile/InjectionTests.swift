import FormScripts
import StraitHTTP
import StraitTesting
import StraitWeb
import TestFolders
import Testing

/// Untrusted text in templates, headers and cookies.
@Suite(.serialized) struct InjectionTests {
    private static func get(_ path: String, _ text: String) -> String {
        HostileSite.head("GET /\(path)/?q=" + PercentEncoding.encode(text))
    }

    @Test(arguments: [
        "{{ 7|add:7 }}", "{% include 'good.html' %}", "{% load static %}{% now 'Y' %}", "{# gone #}", "&lt;b&gt;",
        "<script>alert(1)</script>", "\" onload=\"alert(1)", "\"\u{301} onload='alert(1)'", "<\u{301}b>", "\u{600}<b>",
    ])
    func `a visitor's text is escaped and never parsed as a template or HTML`(text: String) async throws {
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
    func `a template name from a visitor finds only the site's own templates`(isDebug: Bool) async throws {
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
    func `a control character in a header is rejected before any of the response is sent`(
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
    func `a cookie with any value is sent and read back as one cookie`(value: String) async throws {
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
    func `a host that is invalid or not in ALLOWED_HOSTS is rejected`(allowed: String) async throws {
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
        // If the request target is an absolute URL, the Host header is ignored (RFC 9112 §3.2.2).
        #expect(await site.ask(HostileSite.head("GET http://example.com/", ["Host: evil.com"])).status == 200)
        await site.server.stop()
    }
}
