import StraitAccounts
import Testing

@Suite struct `Redirect URLs from a client` {
    /// The cases of Django's `tests/utils_tests/test_http.py`.
    @Test(arguments: [
        "http://example.com", "http:///example.com", "https://example.com", "ftp://example.com", #"\\example.com"#,
        #"\\\example.com"#, #"/\\/example.com"#, #"\\\example.com"#, #"\\example.com"#, #"\\//example.com"#,
        #"/\/example.com"#, #"\/example.com"#, "/\\example.com", "http:///example.com", #"http:/\//example.com"#,
        #"http:\/example.com"#, #"http:/\example.com"#, #"javascript:alert("XSS")"#, "\njavascript:alert(x)",
        "java\nscript:alert(x)", "\u{8}//example.com", #"http://otherserver\@example.com"#,
        #"http:\\testserver\@example.com"#, #"http://testserver\me:pass@example.com"#,
        #"http://testserver\@example.com"#, #"http:\\testserver\confirm\me@example.com"#, "http:999999999",
        "ftp:9999999999",
        "\n", "http://[2001:cdba:0000:0000:0000:0000:3257:9652/", "http://2001:cdba:0000:0000:0000:0000:3257:9652]/",
        "", "   ", "//evil", "///evil", "////evil", "https:evil", "/\t/evil", "/\u{0}evil", "\u{202E}/a",
        "http://testserver.evil",
        "http://testserver@evil", "//testserver:80@evil", "\u{A0}//evil", "/a\r\nSet-Cookie: a=b", "data:text/html,x",
        "HTTP://evil",
    ])
    func `other sites and disguised URLs are rejected`(_ url: String) {
        #expect(!urlHasAllowedHostAndScheme(url, allowedHosts: ["testserver", "testserver2"]), "\(url)")
    }

    @Test(arguments: [
        "/view/?param=http://example.com", "/view/?param=https://example.com", "/view?param=ftp://example.com",
        "view/?param=//example.com", "https://testserver/", "HTTPS://testserver/", "//testserver/",
        "http://testserver/confirm?email=me@example.com", "/url%20with%20spaces/", "path/http:2222222222", "/", " /a ",
        "a", "?a=b",
        "/grüße/",
    ])
    func `paths and URLs of this site are allowed`(_ url: String) {
        #expect(urlHasAllowedHostAndScheme(url, allowedHosts: ["testserver", "testserver2"]), "\(url)")
    }

    @Test func `HTTPS can be required, and a long URL is rejected`() {
        #expect(!urlHasAllowedHostAndScheme("http://a/", allowedHosts: ["a"], requireHTTPS: true))
        #expect(!urlHasAllowedHostAndScheme("//a/", allowedHosts: ["a"], requireHTTPS: true))
        #expect(urlHasAllowedHostAndScheme("https://a/", allowedHosts: ["a"], requireHTTPS: true))
        #expect(urlHasAllowedHostAndScheme("/a/", allowedHosts: ["a"], requireHTTPS: true))
        #expect(!urlHasAllowedHostAndScheme("/" + String(repeating: "a", count: 2048), allowedHosts: []))
    }
}
