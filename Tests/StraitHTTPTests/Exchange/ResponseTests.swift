import StraitCore
import StraitHTTP
import Synchronization
import Testing

private final class Sink: ResponseBodySink {
    private let kept = Mutex("")
    var text: String { kept.withLock { $0 } }

    func write(_ bytes: Bytes) async throws {
        kept.withLock { $0 += String(decoding: bytes, as: UTF8.self) }
    }
}

/// Returns the body of a complete response as text.
private func text(of response: Response) -> String? {
    guard case .bytes(let bytes) = response.body else { return nil }
    return String(decoding: bytes, as: UTF8.self)
}

@Suite struct `Responses of an application` {
    @Test func `each kind of response has its media type and body`() async throws {
        #expect(Response.html("<p>").headers["content-type"] == "text/html; charset=utf-8")
        #expect(text(of: try Response.json(["a": 1])) == #"{"a":1}"#)
        #expect(Response.redirect(to: "/x").headers["location"] == "/x")
        #expect(Response.redirect(to: "/x", permanent: true).status.code == 301)
        #expect(Response.file("/srv/app", type: .html).headers["content-type"] == "text/html; charset=utf-8")
        // Without a type, the file's name decides when the file is sent.
        #expect(Response.file("/srv/app.css").headers["content-type"] == nil)
        #expect(Response.notFound.status == .notFound)
        let streamed = Response.stream(type: .eventStream) { writer in
            try await writer.write("a")
            try await writer.write("b")
        }
        guard case .stream(let write) = streamed.body else { return }
        let sink = Sink()
        try await write(ResponseBodyWriter(sink))
        #expect(sink.text == "ab")
    }

    @Test(arguments: [
        ("/ü b/?q=\u{20ac}", "/%C3%BC%20b/?q=%E2%82%AC"), ("/a%20b", "/a%20b"),
        ("https://a.example/é", "https://a.example/%C3%A9"),
        ("HTTP://a.example/", "HTTP://a.example/"), ("ftp://a.example/", "ftp://a.example/"),
        ("//a.example/", "//a.example/"),
        ("a/b:c", "a/b:c"), ("?next=javascript:x", "?next=javascript:x"),
        ("/\\evil.example", "/%5Cevil.example"), ("", ""),
    ])
    func `a redirect is percent-encoded as in Django's iri_to_uri`(location: String, sent: String) {
        let response = Response.redirect(to: location)
        #expect(response.headers["location"] == sent && response.status == .found)
    }

    @Test(arguments: [
        "javascript:alert(1)", "JavaScript:x", "data:text/html,x", "mailto:a@b", "x+y-z.1:b", "vbscript:x",
    ])
    func `a redirect to a scheme other than http, https or ftp gets 400 (DisallowedRedirect)`(location: String) {
        let response = Response.redirect(to: location)
        #expect(response.status == .badRequest && response.headers["location"] == nil)
    }

    @Test func `cookies are set and deleted (test_http.set_cookie)`() throws {
        var response = Response()
        try response.setCookie(SetCookie("Testing-Key", "testing-value"))
        try response.deleteCookie("old")
        #expect(
            response.headers.values(of: "Set-Cookie") == [
                "Testing-Key=testing-value; Path=/; SameSite=lax",
                "old=; expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/; SameSite=lax",
            ])
    }
}
