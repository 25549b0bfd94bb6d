import Testing

/// Tests against curl, another implementation of HTTP/1.0 and HTTP/1.1.
@Suite(.servesShowcase) struct CurlTests {
    /// Runs curl. Returns one line per transfer, in the format of `--write-out`.
    private func curl(_ format: String, _ arguments: String...) async throws -> [String] {
        let text = try await Peer.run(
            "curl", ["--silent", "--show-error", "--max-time", "30", "--write-out", format + "\\n"] + arguments)
        return text.split(separator: "\n").map(String.init)
    }

    private func url(_ path: String) throws -> String { "http://\(try ShowcaseServer.ofSuite().host)\(path)" }

    @Test(arguments: [
        ("/", "200 text/html; charset=utf-8"), ("/echo/", "200 text/html; charset=utf-8"),
        ("/json/", "200 text/html; charset=utf-8"), ("/echo/source/", "200 text/html; charset=utf-8"),
        ("/json/tutorial/", "200 text/html; charset=utf-8"), ("/static/look/look.css", "200 text/css; charset=utf-8"),
        ("/static/look/look.js", "200 text/javascript; charset=utf-8"), ("/unknown/", "404 text/plain; charset=utf-8"),
        ("/ws/echo/", "426 text/plain; charset=utf-8"),
    ])
    func `curl gets pages with the right status and type`(path: String, answer: String) async throws {
        let said = try await curl("%{http_code} %{content_type}", "--output", "/dev/null", url(path))
        #expect(said == [answer])
    }

    @Test func `HEAD gets the headers of GET without a body (RFC 9110 §9.3.2)`() async throws {
        let format = "%{http_code} %{size_download} %header{content-length}"
        let get = try await curl(format, "--output", "/dev/null", url("/echo/"))
        let head = try await curl(format, "--head", "--output", "/dev/null", url("/echo/"))
        let length = try #require(get.first?.split(separator: " ").last)
        #expect(get == ["200 \(length) \(length)"])
        #expect(head == ["200 0 \(length)"])
    }

    @Test func `four requests share one connection (RFC 9112 §9.3)`() async throws {
        let paths = ["/", "/unknown/", "/static/look/look.css", "/json/"]
        let said = try await curl(
            "%{http_code} %{num_connects}", "--output", "/dev/null", "--output", "/dev/null",
            "--output", "/dev/null", "--output", "/dev/null", url(paths[0]), url(paths[1]), url(paths[2]),
            url(paths[3]))
        #expect(said == ["200 1", "404 0", "200 0", "200 0"])
    }

    @Test func `an HTTP/1.0 request is answered and the connection is closed (RFC 9112 §9.3)`() async throws {
        let said = try await curl(
            "%{http_code} %header{connection} %{num_connects}", "--http1.0", "--output", "/dev/null", "--output",
            "/dev/null", url("/"), url("/echo/"))
        #expect(said == ["200 close 1", "200 close 1"])
    }

    @Test func `Connection: close closes the connection (RFC 9112 §9.6)`() async throws {
        let said = try await curl(
            "%{http_code} %header{connection} %{num_connects}", "--header", "Connection: close", "--output",
            "/dev/null", "--output", "/dev/null", url("/"), url("/echo/"))
        #expect(said == ["200 close 1", "200 close 1"])
    }

    /// The page does not read the body. curl gets a response whether or not it sends the body, and the connection
    /// stays usable.
    @Test(arguments: ["Expect: 100-continue", "Expect:"])
    func `an unread chunked upload is answered (RFC 9110 §10.1.1, RFC 9112 §7.1)`(
        expect: String
    ) async throws {
        let file = Checkout.peer("python/echo.py")
        let said = try await curl(
            "%{http_code}", "--header", expect, "--header", "Transfer-Encoding: chunked", "--data-binary", "@\(file)",
            "--output", "/dev/null", "--output", "/dev/null", url("/unknown/"), url("/unknown/"))
        #expect(said == ["404", "404"])
    }
}
