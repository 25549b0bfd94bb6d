import StraitHTTP
import Testing

@Suite struct `Request bodies` {
    @Test func `a body with a Content-Length is parsed (RFC 9112 §6.2)`() throws {
        let heard = hear("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET")
        #expect(Array(heard.dropFirst()) == [.body(Array("hello".utf8)), .end(HTTPFields())])
    }

    @Test func `pipelined requests are parsed (RFC 9112 §9.3.2)`() {
        let text =
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + get() + chunked("1\r\nx\r\n0\r\n\r\n")
            + get()
        let heard = hear(text)
        #expect(heard.count == 10)
        #expect(heard.filter { $0 == .end(HTTPFields()) }.count == 4)
    }

    @Test func `several equal Content-Length headers count as one (RFC 9110 §8.6)`() {
        #expect(firstHead(get("Content-Length: 5", "Content-Length: 5"))?.body == .length(5))
        #expect(firstHead(get("Content-Length: 5", "Content-Length: 5"))?.fields.values(of: "content-length") == ["5"])
        #expect(firstHead(get("Content-Length: 0"))?.body == HTTPRequestHead.Body.none)
    }

    @Test func `different Content-Length headers are rejected (RFC 9112 §6.3)`() {
        #expect(refusal(get("Content-Length: 5", "Content-Length: 6")) == 400)
    }

    @Test(arguments: [
        "", "+5", "-5", "0x5", "5, 5", "5,6", "5 5", "5a", "１", "99999999999999999999", "9223372036854775808", "1e3",
        "\"5\"",
    ])
    func `an invalid Content-Length is rejected (RFC 9110 §8.6)`(length: String) {
        #expect(refusal(get("Content-Length: \(length)")) == 400)
    }

    @Test func `Content-Length together with Transfer-Encoding is rejected (RFC 9112 §6.1)`() {
        #expect(refusal(get("Content-Length: 5", "Transfer-Encoding: chunked")) == 400)
        #expect(refusal(get("Transfer-Encoding: chunked", "Content-Length: 0")) == 400)
    }

    @Test(arguments: [
        "", "gzip", "chunked, gzip", "chunked, chunked", "identity", "xchunked", "chunked;a=b", "\"chunked\"",
    ])
    func `a Transfer-Encoding that does not end in a single chunked is rejected (RFC 9112 §6.3)`(coding: String) {
        #expect(refusal(get("Transfer-Encoding: \(coding)")) == 400)
    }

    @Test func `several Transfer-Encoding headers form one list (RFC 9110 §5.3)`() {
        #expect(refusal(get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")) == 400)
        #expect(refusal(get("Transfer-Encoding: gzip", "Transfer-Encoding: chunked")) == 501)
        #expect(refusal(get("Transfer-Encoding: chunked", "Transfer-Encoding: identity")) == 400)
    }

    @Test func `an unsupported transfer coding before chunked gets 501 (RFC 9112 §6.1)`() {
        #expect(refusal(get("Transfer-Encoding: gzip, chunked")) == 501)
    }

    @Test func `Transfer-Encoding in HTTP/1.0 is rejected (RFC 9112 §6.1)`() {
        #expect(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    }

    @Test func `a chunked body is parsed (RFC 9112 §7.1)`() {
        let heard = hear(chunked("5\r\nhello\r\n00A;name=\"v\"\r\n0123456789\r\n0\r\n\r\n"))
        #expect(Array(heard.dropFirst()) == [.body(Array("hello0123456789".utf8)), .end(HTTPFields())])
    }

    @Test func `trailers for framing, routing or authentication are dropped (RFC 9110 §6.5.1)`() {
        let heard = hear(chunked("0\r\nX-Sum: 1\r\nContent-Length: 5\r\nHost: b\r\nCookie: a=b\r\nY_Z: 1\r\n\r\n"))
        #expect(heard.last == .end(["x-sum": "1"]))
    }

    @Test func `trailers have the same limits and rules as headers (RFC 9112 §7.1.2)`() {
        var limits = HTTPLimits()
        limits.fieldCount = 2
        #expect(refusal(chunked("0\r\nA: 1\r\nB: 1\r\nC: 1\r\n\r\n"), limits: limits) == 431)
        #expect(refusal(chunked("0\r\nA : 1\r\n\r\n")) == 400)
        #expect(refusal(chunked("0\r\nA: \u{0}\r\n\r\n")) == 400)
        #expect(refusal(chunked("0\r\nA: 1\n\r\n")) == 400)
    }

    @Test(arguments: [
        "", "-1", "+1", " 1", "1 ", "0x1", "g", "1 ;a", "\t1", "10000000000000000", "ffffffffffffffff", ";a",
    ])
    func `an invalid chunk size is rejected (RFC 9112 §7.1)`(size: String) {
        #expect(refusal(chunked("\(size)\r\nx\r\n0\r\n\r\n")) == 400)
    }

    @Test func `a chunk line with a bare LF or a bare CR is rejected (RFC 9112 §7.1)`() {
        #expect(refusal(chunked("1\nx\r\n0\r\n\r\n")) == 400)
        #expect(refusal(chunked("1;a\rb\r\nx\r\n0\r\n\r\n")) == 400)
    }

    @Test func `chunk extensions are limited per chunk and in total (RFC 9112 §7.1.1)`() {
        #expect(refusal(chunked("1;" + String(repeating: "a", count: 300) + "\r\nx\r\n")) == 400)
        let chunk = "1;" + String(repeating: "a", count: 200) + "\r\nx\r\n"
        #expect(refusal(chunked(String(repeating: chunk, count: 80))) == nil)
        #expect(refusal(chunked(String(repeating: chunk, count: 90))) == 400)
    }

    @Test(arguments: ["1\r\nxy\r\n", "1\r\nx\n", "1\r\nx\r\r", "1\r\nx0\r\n\r\n"])
    func `chunk data must be followed by CRLF (RFC 9112 §7.1)`(body: String) {
        #expect(refusal(chunked(body)) == 400)
    }

    @Test func `a body over the limit gets 413 (RFC 9110 §15.5.14)`() {
        var limits = HTTPLimits()
        limits.body = 4
        #expect(refusal(get("Content-Length: 4"), limits: limits) == nil)
        #expect(refusal(get("Content-Length: 5"), limits: limits) == 413)
        #expect(refusal(chunked("4\r\nabcd\r\n0\r\n\r\n"), limits: limits) == nil)
        #expect(refusal(chunked("4\r\nabcd\r\n1\r\n"), limits: limits) == 413)
    }

    @Test func `a parser that rejected a request rejects it again on every call`() throws {
        var parser = HTTPRequestParser()
        let bad = Array("GET\r\n".utf8)
        for _ in 0..<2 {
            var refused = false
            do { _ = try parser.parse(bad.span) } catch { refused = error.status == .badRequest }
            #expect(refused)
        }
    }
}
