import StraitHTTP
import Testing

@Suite struct `Request bodies` {
    @Test func `a body of known length is read (RFC 9112 §6·2)`() throws {
        let heard = hear("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET")
        #expect(Array(heard.dropFirst()) == [.body(Array("hello".utf8)), .end(HTTPFields())])
    }

    @Test func `requests may follow each other at once (RFC 9112 §9.3.2)`() {
        let text =
            "POST /1 HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi" + get() + chunked("1\r\nx\r\n0\r\n\r\n")
            + get()
        let heard = hear(text)
        #expect(heard.count == 10)
        #expect(heard.filter { $0 == .end(HTTPFields()) }.count == 4)
    }

    @Test func `equal lengths count once (RFC 9110 §8.6)`() {
        #expect(firstHead(get("Content-Length: 5", "Content-Length: 5"))?.body == .length(5))
        #expect(firstHead(get("Content-Length: 5", "Content-Length: 5"))?.fields.values(of: "content-length") == ["5"])
        #expect(firstHead(get("Content-Length: 0"))?.body == HTTPRequestHead.Body.none)
    }

    @Test func `differing lengths are refused (RFC 9112 §6.3)`() {
        #expect(refusal(get("Content-Length: 5", "Content-Length: 6")) == 400)
    }

    @Test(arguments: [
        "", "+5", "-5", "0x5", "5, 5", "5,6", "5 5", "5a", "１", "99999999999999999999", "9223372036854775808", "1e3",
        "\"5\"",
    ])
    func `a length that is not plain digits is refused (RFC 9110 §8.6)`(length: String) {
        #expect(refusal(get("Content-Length: \(length)")) == 400)
    }

    @Test func `length and coding together are refused (RFC 9112 §6.1)`() {
        #expect(refusal(get("Content-Length: 5", "Transfer-Encoding: chunked")) == 400)
        #expect(refusal(get("Transfer-Encoding: chunked", "Content-Length: 0")) == 400)
    }

    @Test(arguments: [
        "", "gzip", "chunked, gzip", "chunked, chunked", "identity", "xchunked", "chunked;a=b", "\"chunked\"",
    ])
    func `a coding that does not end in one chunked is refused (RFC 9112 §6.3)`(coding: String) {
        #expect(refusal(get("Transfer-Encoding: \(coding)")) == 400)
    }

    @Test func `codings over several lines are one list (RFC 9110 §5.3)`() {
        #expect(refusal(get("Transfer-Encoding: chunked", "Transfer-Encoding: chunked")) == 400)
        #expect(refusal(get("Transfer-Encoding: gzip", "Transfer-Encoding: chunked")) == 501)
        #expect(refusal(get("Transfer-Encoding: chunked", "Transfer-Encoding: identity")) == 400)
    }

    @Test func `an unknown coding before chunked is answered with 501 (RFC 9112 §6.1)`() {
        #expect(refusal(get("Transfer-Encoding: gzip, chunked")) == 501)
    }

    @Test func `a coding on 1·0 is refused (RFC 9112 §6.1)`() {
        #expect(refusal("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n") == 400)
    }

    @Test func `a chunked body is read (RFC 9112 §7.1)`() {
        let heard = hear(chunked("5\r\nhello\r\n00A;name=\"v\"\r\n0123456789\r\n0\r\n\r\n"))
        #expect(Array(heard.dropFirst()) == [.body(Array("hello0123456789".utf8)), .end(HTTPFields())])
    }

    @Test func `trailers are read, without those that frame or authorise (RFC 9110 §6.5.1)`() {
        let heard = hear(chunked("0\r\nX-Sum: 1\r\nContent-Length: 5\r\nHost: b\r\nCookie: a=b\r\nY_Z: 1\r\n\r\n"))
        #expect(heard.last == .end(["x-sum": "1"]))
    }

    @Test func `trailers have the limits and rules of headers (RFC 9112 §7.1.2)`() {
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
    func `a chunk size that is not plain hexadecimal digits is refused (RFC 9112 §7.1)`(size: String) {
        #expect(refusal(chunked("\(size)\r\nx\r\n0\r\n\r\n")) == 400)
    }

    @Test func `a chunk line may not end in a bare LF, nor hold a bare CR (RFC 9112 §7.1)`() {
        #expect(refusal(chunked("1\nx\r\n0\r\n\r\n")) == 400)
        #expect(refusal(chunked("1;a\rb\r\nx\r\n0\r\n\r\n")) == 400)
    }

    @Test func `extensions are limited one by one and together (RFC 9112 §7.1.1)`() {
        #expect(refusal(chunked("1;" + String(repeating: "a", count: 300) + "\r\nx\r\n")) == 400)
        let chunk = "1;" + String(repeating: "a", count: 200) + "\r\nx\r\n"
        #expect(refusal(chunked(String(repeating: chunk, count: 80))) == nil)
        #expect(refusal(chunked(String(repeating: chunk, count: 90))) == 400)
    }

    @Test(arguments: ["1\r\nxy\r\n", "1\r\nx\n", "1\r\nx\r\r", "1\r\nx0\r\n\r\n"])
    func `chunk data has to be followed by CRLF (RFC 9112 §7.1)`(body: String) {
        #expect(refusal(chunked(body)) == 400)
    }

    @Test func `a body past its limit is answered with 413 (RFC 9110 §15.5.14)`() {
        var limits = HTTPLimits()
        limits.body = 4
        #expect(refusal(get("Content-Length: 4"), limits: limits) == nil)
        #expect(refusal(get("Content-Length: 5"), limits: limits) == 413)
        #expect(refusal(chunked("4\r\nabcd\r\n0\r\n\r\n"), limits: limits) == nil)
        #expect(refusal(chunked("4\r\nabcd\r\n1\r\n"), limits: limits) == 413)
    }

    @Test func `after a refusal every call refuses`() throws {
        var parser = HTTPRequestParser()
        let bad = Array("GET\r\n".utf8)
        for _ in 0..<2 {
            var refused = false
            do { _ = try parser.parse(bad.span) } catch { refused = error.status == .badRequest }
            #expect(refused)
        }
    }
}
