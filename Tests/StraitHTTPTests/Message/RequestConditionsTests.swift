import StraitHTTP
import Testing

@Suite struct `Conditional requests` {
    private let modified = HTTPDate(secondsSinceEpoch: 784_111_777)
    private let before = "Sun, 06 Nov 1994 08:49:36 GMT"
    private let same = "Sun, 06 Nov 1994 08:49:37 GMT"

    private func outcome(
        _ fields: HTTPFields, _ method: HTTPMethod = .get, tag: EntityTag? = EntityTag("a"), size: Int? = 100
    ) -> RequestConditions.Outcome {
        RequestConditions.outcome(of: method, fields, tag: tag, modified: modified, size: size)
    }

    @Test func `a request without conditions gets the whole representation`() {
        #expect(outcome([:]) == .whole)
        #expect(outcome([:], .put) == .whole)
    }

    @Test(arguments: [
        #""a""#, #"W/"a""#, #""b", "a""#, #""b" , W/"a""#, "*", #", "a""#,
    ])
    func `a matching If-None-Match gets 304 or 412, for weak and strong tags (RFC 9110 §13.1.2)`(field: String) {
        #expect(outcome(["if-none-match": field]) == .notModified)
        #expect(outcome(["if-none-match": field], .head) == .notModified)
        #expect(outcome(["if-none-match": field], .put) == .preconditionFailed)
    }

    @Test(arguments: [#""b""#, "a", #""a"#, "", #"X/"a""#, #""aa""#])
    func `a different or invalid tag does not match (RFC 9110 §13.1.2)`(field: String) {
        #expect(outcome(["if-none-match": field]) == .whole)
    }

    @Test func `If-Modified-Since is ignored if the request has If-None-Match (RFC 9110 §13.1.3)`() {
        #expect(outcome(["if-modified-since": same]) == .notModified)
        #expect(outcome(["if-modified-since": before]) == .whole)
        #expect(outcome(["if-modified-since": "yesterday"]) == .whole)
        #expect(outcome(["if-modified-since": same], .post) == .whole)
        #expect(outcome(["if-modified-since": same, "if-none-match": #""b""#]) == .whole)
    }

    @Test func `a failed If-Match or If-Unmodified-Since gets 412 (RFC 9110 §13.1.1, §13.1.4)`() {
        #expect(outcome(["if-match": #""a""#], .put) == .whole)
        #expect(outcome(["if-match": #"W/"a""#], .put) == .preconditionFailed)
        #expect(outcome(["if-match": #""b""#], .put) == .preconditionFailed)
        #expect(outcome(["if-match": "*"], .put) == .whole)
        #expect(outcome(["if-unmodified-since": same], .put) == .whole)
        #expect(outcome(["if-unmodified-since": before], .put) == .preconditionFailed)
        #expect(outcome(["if-match": #""a""#, "if-unmodified-since": before], .put) == .whole)
    }

    @Test(arguments: [
        ("bytes=0-9", 0..<10), ("bytes=90-", 90..<100), ("bytes=-10", 90..<100), ("bytes=-1000", 0..<100),
        ("bytes=99-99", 99..<100), ("bytes=50-1000", 50..<100), ("Bytes=0-0", 0..<1), ("bytes= 1 - 2", 1..<3),
        ("bytes=0-99999999999999999999999", 0..<100),
    ])
    func `a satisfiable range gets its bytes (RFC 9110 §14.1.2)`(field: String, offsets: Range<Int>) {
        #expect(outcome(["range": field]) == .part(offsets))
    }

    @Test(arguments: ["bytes=100-", "bytes=100-200", "bytes=-0", "bytes=99999999999999999999999-"])
    func `an unsatisfiable range gets 416 (RFC 9110 §15.5.17)`(field: String) {
        #expect(outcome(["range": field]) == .unsatisfiable)
    }

    @Test(arguments: [
        "bytes", "bytes=", "bytes=-", "bytes=9-0", "bytes=a-b", "bytes=0-1,5-6", "lines=0-1", "bytes=+1-2",
        "bytes=1--2",
        "bytes=0x1-2", "0-1",
    ])
    func `a Range header that is not a single valid byte range is ignored (RFC 9110 §14.2)`(field: String) {
        #expect(outcome(["range": field]) == .whole)
    }

    @Test func `Range is ignored unless the method is GET and the size is known (RFC 9110 §14.2)`() {
        #expect(outcome(["range": "bytes=0-1"], .head) == .whole)
        #expect(outcome(["range": "bytes=0-1"], .post) == .whole)
        #expect(outcome(["range": "bytes=0-1"], size: nil) == .whole)
    }

    @Test func `Range is ignored if If-Range does not match (RFC 9110 §13.1.5)`() {
        #expect(outcome(["range": "bytes=0-1", "if-range": #""a""#]) == .part(0..<2))
        #expect(outcome(["range": "bytes=0-1", "if-range": #""b""#]) == .whole)
        #expect(outcome(["range": "bytes=0-1", "if-range": #"W/"a""#]) == .whole)
        #expect(outcome(["range": "bytes=0-1", "if-range": same]) == .part(0..<2))
        #expect(outcome(["range": "bytes=0-1", "if-range": before]) == .whole)
        #expect(outcome(["range": "bytes=0-1", "if-range": "soon"]) == .whole)
    }

    @Test func `a range of an empty resource is unsatisfiable`() {
        #expect(outcome(["range": "bytes=0-"], size: 0) == .unsatisfiable)
        #expect(outcome(["range": "bytes=-5"], size: 0) == .unsatisfiable)
    }

    @Test func `an entity tag with a quote, a space or a line break is rejected`() {
        #expect(EntityTag(#"a"b"#) == nil && EntityTag("a b") == nil && EntityTag("a\r\n") == nil)
        #expect(EntityTag("é")?.description == "\"é\"")
        #expect(EntityTag(parsing: #"W/"a""#)?.isWeak == true)
        #expect(EntityTag(parsing: #""a" "b""#) == nil)
    }
}
