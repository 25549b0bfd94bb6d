import StraitHTTP
import Testing

@Suite struct `Request headers` {
    @Test func `names are lowercased and values are trimmed (RFC 9110 §5.1)`() throws {
        let head = try #require(firstHead(get("X-MiXed:  a b \t", "Empty:", "Accept:x")))
        #expect(head.fields.map(\.name) == ["host", "x-mixed", "empty", "accept"])
        #expect(head.fields.map(\.value) == ["a", "a b", "", "x"])
    }

    @Test func `headers with the same name keep their order (RFC 9110 §5.3)`() {
        #expect(firstHead(get("A: 2", "B: x", "a: 1"))?.fields.values(of: "A") == ["2", "1"])
    }

    @Test func `a bare LF in the head is rejected (RFC 9112 §2.2)`() {
        #expect(refusal("GET / HTTP/1.1\nHost: a\r\n\r\n") == 400)
        #expect(refusal("GET / HTTP/1.1\r\nHost: a\n\r\n") == 400)
        #expect(refusal("GET / HTTP/1.1\r\nHost: a\r\n\n") == 400)
        #expect(refusal("\nGET / HTTP/1.1\r\n") == 400)
    }

    @Test func `a bare CR in a header is rejected (RFC 9112 §2.2)`() {
        #expect(refusal(get("A: b\rc")) == 400)
        #expect(refusal(get("A: b\r")) == 400)
        #expect(refusal(get("\rA: b")) == 400)
    }

    @Test func `a folded header is rejected (RFC 9112 §5.2)`() {
        #expect(refusal(get("A: b", " c")) == 400)
        #expect(refusal(get("A: b", "\tc")) == 400)
        #expect(refusal("GET / HTTP/1.1\r\n Host: a\r\n\r\n") == 400)
    }

    @Test(arguments: ["A : b", "A\t: b", "Host a", ": b", "A b: c", "A\u{0}: b", "Ä: b", "A(: b", "\u{1}: b", "A"])
    func `an invalid name or a missing colon is rejected (RFC 9112 §5.1)`(line: String) {
        #expect(refusal(get(line)) == 400)
    }

    @Test(arguments: [0x00, 0x01, 0x08, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x7F, 0x85] as [UInt8])
    func `a control character in a value is rejected (RFC 9110 §5.5)`(byte: UInt8) {
        for lead in 0..<10 {
            let value =
                Array(repeating: UInt8(0x61), count: lead) + [byte, 0x62, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69]
            #expect(refusal(Array("GET / HTTP/1.1\r\nHost: a\r\nA: ".utf8) + value + Array("\r\n\r\n".utf8)) == 400)
        }
    }

    @Test func `a value may contain tabs and non-ASCII bytes (RFC 9110 §5.5)`() {
        #expect(firstHead(get("A: b\tc", "B: é"))?.fields["a"] == "b\tc")
        let latin = Array("GET / HTTP/1.1\r\nHost: a\r\nA: caf".utf8) + [0xE9] + Array("\r\n\r\n".utf8)
        guard case .head(let head) = hear(latin).first else {
            Issue.record("The request was rejected.")
            return
        }
        #expect(head.fields["a"] == "café")
    }

    @Test func `headers with an underscore in their name are dropped (CVE-2015-0219)`() throws {
        let head = try #require(firstHead(get("X_Forwarded_For: 1", "Content_Length: 5", "A: b")))
        #expect(head.fields.map(\.name) == ["host", "a"])
        #expect(head.body == .none)
    }

    @Test(arguments: ["…", "caf\u{E9} \u{2026} to the end", "\u{445}", "a long value that ends in \u{1F605}"])
    func `the byte 0x85 inside a UTF-8 character is not a line break`(value: String) {
        #expect(firstHead(get("A: \(value)"))?.fields["a"] == value)
    }

    @Test(arguments: ["\u{85}", "before \u{85} and behind", "\u{2026}\u{85}"])
    func `U+0085 encoded in UTF-8 is rejected`(value: String) {
        #expect(refusal(get("A: \(value)")) == 400)
    }

    @Test func `headers over the size or number limit get 431 (RFC 6585 §5)`() {
        var limits = HTTPLimits()
        limits.fields = 64
        limits.fieldCount = 3
        #expect(refusal(get("A: 1", "B: 2"), limits: limits) == nil)
        #expect(refusal(get("A: 1", "B: 2", "C: 3"), limits: limits) == 431)
        #expect(refusal(get("A: " + String(repeating: "x", count: 64)), limits: limits) == 431)
        #expect(refusal("GET / HTTP/1.1\r\n" + String(repeating: "x", count: 70), limits: limits) == 431)
        #expect(refusal(get("A: " + String(repeating: "x", count: 8190))) == nil)
    }

    @Test func `an HTTP/1.1 request must have exactly one Host header (RFC 9112 §3.2)`() {
        #expect(refusal("GET / HTTP/1.1\r\n\r\n") == 400)
        #expect(refusal(get("Host: a")) == 400)
        #expect(refusal(get("Host: b")) == 400)
        #expect(refusal("GET / HTTP/1.0\r\n\r\n") == nil)
        #expect(refusal("GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n") == 400)
    }

    @Test(arguments: ["a/b", "a b", "u@a", "a:b", "a:70000", "[::1", "[]", ":80", "a\\b", "a?b", "<a>"])
    func `an invalid Host header is rejected (RFC 9112 §3.2)`(host: String) {
        #expect(refusal("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == 400)
    }

    @Test(arguments: ["", "a", "a:", "a:80", "A.example.com:8000", "[::1]:80", "127.0.0.1", "xn--bcher-kva.example"])
    func `a Host header may be empty, a name or an address (RFC 3986 §3.2.2)`(host: String) {
        #expect(firstHead("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n")?.fields["host"] == host)
    }

    @Test func `the HTTP version and the Connection header decide keep-alive (RFC 9112 §9.3)`() {
        #expect(firstHead(get())?.keepAlive == true)
        #expect(firstHead(get("Connection: foo, Close"))?.keepAlive == false)
        #expect(firstHead("GET / HTTP/1.0\r\n\r\n")?.keepAlive == false)
        #expect(firstHead("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n")?.keepAlive == true)
        #expect(firstHead("GET / HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n")?.keepAlive == false)
    }

    @Test func `Expect with 100-continue is ignored in HTTP/1.0 (RFC 9110 §10.1.1)`() {
        #expect(firstHead(get("Expect: 100-Continue"))?.expectsContinue == true)
        #expect(firstHead("POST / HTTP/1.0\r\nExpect: 100-continue\r\n\r\n")?.expectsContinue == false)
    }
}
