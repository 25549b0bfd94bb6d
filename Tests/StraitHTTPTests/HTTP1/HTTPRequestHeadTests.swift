import StraitHTTP
import Testing

@Suite struct `Request lines` {
    @Test func `a minimal request is parsed (RFC 9112 §3)`() throws {
        let head = try #require(firstHead("GET /chat?room=1 HTTP/1.1\r\nHost: example.com\r\n\r\n"))
        #expect(head.method == .get)
        #expect(head.rawPath == "/chat")
        #expect(head.path == "/chat")
        #expect(head.queryString == "room=1")
        #expect(head.version == .http11)
        #expect(head.fields["host"] == "example.com")
        #expect(head.body == .none)
        #expect(head.keepAlive)
    }

    @Test func `the path is decoded and the raw path is kept (RFC 3986 §2.1)`() throws {
        let head = try #require(firstHead("GET /foo%2Fbar/%C3%A9?a=%2F HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(head.path == "/foo/bar/é")
        #expect(head.rawPath == "/foo%2Fbar/%C3%A9")
        #expect(head.queryString == "a=%2F")
    }

    @Test func `any token is a valid method (RFC 9110 §9.1)`() {
        #expect(firstHead("M-SEARCH / HTTP/1.1\r\nHost: a\r\n\r\n")?.method.rawValue == "M-SEARCH")
        #expect(firstHead("get / HTTP/1.1\r\nHost: a\r\n\r\n")?.method.rawValue == "get")
    }

    @Test(arguments: ["G@T", "G(T", "\u{1}", "GÉT", "\"GET\""])
    func `a method that is not a token is rejected (RFC 9112 §3.1)`(method: String) {
        #expect(refusal("\(method) / HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test(arguments: [
        "GET /", "GET", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", " GET / HTTP/1.1", "GET /a b HTTP/1.1",
        "GET\t/\tHTTP/1.1",
        "GET / http/1.1", "GET / HTTP/1", "GET / HTTP/1.1.1", "GET / HTTP/11", "GET / HTTP/a.b", "GET / XTTP/1.1",
        "/ HTTP/1.1", "GET /\r HTTP/1.1",
    ])
    func `a malformed request line is rejected (RFC 9112 §3)`(line: String) {
        #expect(refusal("\(line)\r\nHost: a\r\n\r\n") == 400)
    }

    @Test(arguments: ["HTTP/0.9", "HTTP/2.0", "HTTP/3.0"])
    func `an unsupported major version gets 505 (RFC 9110 §15.6.6)`(version: String) {
        #expect(refusal("GET / \(version)\r\nHost: a\r\n\r\n") == 505)
    }

    @Test func `the HTTP/2 connection preface gets 505 (RFC 9113 §3.4)`() {
        #expect(refusal("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n") == 505)
    }

    @Test func `a higher minor version is treated as HTTP/1.1 (RFC 9110 §2.5)`() {
        #expect(firstHead("GET / HTTP/1.7\r\nHost: a\r\n\r\n")?.version == .http11)
    }

    @Test(arguments: ["/é", "/a#b", "/a?é", "/a\u{7F}", "/a\u{1}", "/a?b#c"])
    func `a target with characters that need percent-encoding is rejected (RFC 9112 §3.2)`(target: String) {
        #expect(refusal("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test(arguments: ["/%", "/%2", "/%zz", "/a%2/b", "/%00", "/%ff", "/%C3"])
    func `a path with invalid percent-encoding is rejected (RFC 3986 §2.1)`(path: String) {
        #expect(refusal("GET \(path) HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test func `a query string may contain a lone percent sign, as in Django`() {
        #expect(firstHead("GET /?q=100% HTTP/1.1\r\nHost: a\r\n\r\n")?.queryString == "q=100%")
    }

    @Test func `an absolute-form target sets the path and the host (RFC 9112 §3.2.2)`() throws {
        let head = try #require(firstHead("GET http://Example.com:80/a%20b?c HTTP/1.1\r\nHost: other\r\n\r\n"))
        #expect(head.path == "/a b")
        #expect(head.queryString == "c")
        #expect(head.authority == "Example.com:80")
        #expect(head.fields.values(of: "host") == ["Example.com:80"])
    }

    @Test func `an absolute-form target without a path means the root (RFC 9112 §3.2.1)`() {
        #expect(firstHead("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n")?.path == "/")
        #expect(firstHead("GET http://a?q HTTP/1.1\r\nHost: a\r\n\r\n")?.queryString == "q")
    }

    @Test(arguments: ["http://", "http:///a", "ftp://a/", "http:/a", "http://u@a/", "chat", "a:80", "?q"])
    func `any other form of target is rejected (RFC 9112 §3.2)`(target: String) {
        #expect(refusal("GET \(target) HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test func `the asterisk form is allowed only for OPTIONS (RFC 9112 §3.2.4)`() {
        #expect(firstHead("OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n")?.rawPath == "*")
        #expect(refusal("GET * HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test func `CONNECT requires an authority-form target (RFC 9112 §3.2.3)`() throws {
        let head = try #require(firstHead("CONNECT example.com:443 HTTP/1.1\r\nHost: example.com:443\r\n\r\n"))
        #expect(head.authority == "example.com:443")
        #expect(head.rawPath.isEmpty)
        #expect(refusal("CONNECT /a HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
        #expect(refusal("CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n") == 400)
    }

    @Test func `a few empty lines before the request line are skipped (RFC 9112 §2.2)`() {
        #expect(firstHead("\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n") != nil)
        #expect(refusal(String(repeating: "\r\n", count: 5)) == 400)
    }

    @Test func `a request line over the limit gets 414 (RFC 9110 §15.5.15)`() {
        var limits = HTTPLimits()
        limits.requestLine = 32
        let fitting = "GET /" + String(repeating: "a", count: 18) + " HTTP/1.1"
        #expect(fitting.utf8.count == 32)
        #expect(refusal(fitting + "\r\nHost: a\r\n\r\n", limits: limits) == nil)
        #expect(refusal("GET /a" + String(repeating: "a", count: 18) + " HTTP/1.1\r\n", limits: limits) == 414)
        #expect(refusal(String(repeating: "a", count: 34), limits: limits) == 414)
    }
}
