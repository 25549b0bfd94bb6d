import StraitHTTP
import Testing

@Suite struct MultipartTests {
    private static let file = "Content-Type: text/plain; charset=utf-8"

    @Test func `fields and files are reported in order with their contents (RFC 7578 §4.2)`() {
        let heard = MultipartHearing(
            part("name=\"a\"", content: "1") + part("name=\"f\"; filename=\"x.txt\"", Self.file, content: "two\r\n--c")
                + part("name=a", content: "") + "--b--\r\n")
        #expect(heard.summary == ["a=1", "f:x.txt=two\r\n--c", "a="])
        #expect(heard.parts[1].contentType?.rawValue == "text/plain")
        #expect(heard.parts[1].headers["content-type"] == "text/plain; charset=utf-8")
        #expect(heard.ended == 3 && heard.isComplete && heard.error == nil)
    }

    @Test func `the preamble and the epilogue are ignored (RFC 2046 §5.1.1)`() {
        let heard = MultipartHearing("a preamble --b\r\n" + part("name=a") + "--b--\r\nan epilogue\r\n--b\r\n")
        #expect(heard.summary == ["a=x"])
        #expect(heard.isComplete && heard.error == nil)
    }

    @Test func `only spaces and tabs may follow a boundary on its line`() {
        #expect(MultipartHearing("--b \t" + part("name=a").dropFirst(3) + "--b--").summary == ["a=x"])
        #expect(MultipartHearing("--bc\r\n\r\n--b--").error == .delimiterForTests)
        #expect(MultipartHearing("--b-\r\n").error == .delimiterForTests)
        #expect(MultipartHearing("--b" + String(repeating: " ", count: 200) + "\r\n").error == .delimiterForTests)
    }

    @Test func `a body without bytes or without parts is an empty form`() {
        #expect(MultipartHearing("").isComplete)
        #expect(MultipartHearing("--b--\r\n").isComplete)
        #expect(MultipartHearing("--b--").summary == [])
    }

    @Test func `an empty part may share its line break with the next boundary`() {
        let heard = MultipartHearing("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--")
        #expect(heard.summary == ["a="])
        #expect(heard.isComplete)
    }

    @Test(arguments: [
        "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "no boundary", part("name=a"),
    ])
    func `a truncated body is rejected`(body: String) {
        let heard = MultipartHearing(body)
        #expect(heard.error?.status == .badRequest)
        #expect(heard.error?.description.contains("closing boundary") == true)
    }

    @Test func `lines that end in a bare LF are rejected`() {
        #expect(MultipartHearing("--b\nContent-Disposition: form-data; name=a\n\nx\n--b--\n").error != nil)
        #expect(MultipartHearing("--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--b--").error != nil)
    }

    @Test(arguments: [
        ("name=\"a b\"", "a b"), ("name=a", "a"), ("name=\" a \"", "a"), ("name=\"ü\"", "ü"), ("NAME=\"a\"", "a"),
        ("name=\"a\\\"b\"", "a\"b"), ("name=\"a;b\"", "a;b"), ("name=\"a%22b\"", "a%22b"), ("name=\"\"", ""),
        ("name*=UTF-8''%c3%bc", "ü"),
    ])
    func `a field's name is parsed as Django parses it`(disposition: String, name: String) {
        #expect(MultipartHearing(part(disposition) + "--b--").parts.first?.name == name)
    }

    @Test(arguments: [
        ("x.txt", "x.txt"), ("C:\\dir\\x.txt", "x.txt"), ("../../etc/passwd", "passwd"), ("a/b\\c", "c"),
        ("x&#x2F;y", "y"), ("x&sol;..&#47;z", "z"), ("a&amp;b", "a&b"), ("a&b;c", "a&b;c"), ("naïve.txt", "naïve.txt"),
        ("a\u{202E}gpj.exe", "agpj.exe"), ("\u{600}&#x2F;z", "z"), ("a%2Fb", "a%2Fb"),
    ])
    func `a file's name is the last component of the path that was sent`(sent: String, name: String) {
        #expect(MultipartHearing(part("name=f; filename=\"\(sent)\"") + "--b--").parts.first?.filename == name)
    }

    @Test(arguments: ["/", "..", ".", "a/..", "\u{200B}"])
    func `a file with an unusable name is skipped, as in Django`(sent: String) {
        #expect(
            MultipartHearing(part("name=f; filename=\"\(sent)\"") + part("name=a") + "--b--").summary == ["a=x"])
    }

    @Test func `a part with an empty file name is a field, as browsers send if no file is chosen`() {
        let heard = MultipartHearing(
            part("name=f; filename=\"\"", "Content-Type: application/octet-stream", content: "") + "--b--")
        #expect(heard.summary == ["f="])
        #expect(heard.parts[0].isFile == false)
    }

    @Test(arguments: [
        ("filename*=UTF-8''%e2%82%ac%20rates.txt", "€ rates.txt"), ("filename*=iso-8859-1'en'%A3.txt", "£.txt"),
        ("filename=\"x.txt\"; filename*=utf-8''%c3%bc.txt", "ü.txt"),
        ("filename*0=\"long \"; filename*1=\"name.txt\"", "long name.txt"),
        ("filename*0*=utf-8''%c3%bc; filename*1=.txt", "ü.txt"), ("filename*=utf-8''%2e%2e%2fx", "x"),
    ])
    func `an extended file name is decoded (RFC 8187, RFC 2231)`(parameter: String, name: String) {
        #expect(MultipartHearing(part("name=f; \(parameter)") + "--b--").parts.first?.filename == name)
    }

    @Test(arguments: [
        "filename*=utf-8''%00a", "filename*=utf-8''a%0d%0aX:%20y", "filename=\"a&#0;\"", "filename=\"a&NewLine;b\"",
        "filename=\"a\u{1}b\"", "filename*=utf-8''%ff", "filename*=koi8-r''a", "filename*=a", "filename*=utf-8''%zz",
        "filename=\"a", "filename=\"a\" b", "filename=a; filename=b", "filename*1=b", "name=g", "filename=a\u{85}b",
    ])
    func `a name that is invalid or has control characters is rejected`(parameter: String) {
        let heard = MultipartHearing(part("name=f; \(parameter)") + "--b--")
        #expect(heard.error?.status == .badRequest)
        #expect(heard.parts.isEmpty)
    }

    @Test func `a part without a name is skipped`() {
        let heard = MultipartHearing(
            part("filename=x") + "--b\r\n\r\nnothing\r\n" + "--b\r\nX-A: b\r\n\r\nx\r\n" + part("name=a") + "--b--")
        #expect(heard.summary == ["a=x"])
    }

    @Test(arguments: ["base64", "quoted-printable", "BASE64", "x-gzip", ""])
    func `a Content-Transfer-Encoding is rejected (RFC 7578 §4.7)`(coding: String) {
        let heard = MultipartHearing(part("name=a", "Content-Transfer-Encoding: \(coding)") + "--b--")
        #expect(heard.error?.status == .badRequest)
        #expect(heard.error?.description.contains("Send the bytes unencoded.") == true)
    }

    @Test(arguments: ["binary", "8bit", "7BIT"])
    func `a Content-Transfer-Encoding that changes nothing is accepted`(coding: String) {
        #expect(MultipartHearing(part("name=a", "Content-Transfer-Encoding: \(coding)") + "--b--").summary == ["a=x"])
    }

    @Test func `a part that is itself multipart is rejected (RFC 7578 §4.3)`() {
        let heard = MultipartHearing(part("name=a", "Content-Type: Multipart/Mixed; boundary=c") + "--b--")
        #expect(heard.error?.description.contains("itself multipart") == true)
    }

    @Test(arguments: ["a b: c", "a", ": x", " folded: x", "a: b\u{0}", "a: b\rc", "Content-Disposition: form-data"])
    func `an invalid header line is rejected`(line: String) {
        #expect(MultipartHearing(part("name=a", line) + "--b--").error?.status == .badRequest)
    }

    @Test func `a part header that is not UTF-8 is rejected`() {
        var body = Array("--b\r\nContent-Disposition: form-data; name=\"".utf8)
        body += [0xE9] + Array("\"\r\n\r\nx\r\n--b--".utf8)
        #expect(MultipartHearing(body).error?.description.contains("UTF-8") == true)
    }

    // MARK: Limits

    @Test func `a part header over the limit is rejected, even before it ends`() {
        let long = String(repeating: "n", count: 9000)
        #expect(MultipartHearing(part("name=\(long)") + "--b--").error?.description.contains("8192 bytes") == true)
        #expect(MultipartHearing("--b\r\nX: " + long).error?.description.contains("8192 bytes") == true)
        let fits = String(repeating: "n", count: 8000)
        #expect(MultipartHearing(part("name=\(fits)") + "--b--").error == nil)
    }

    @Test func `fields or files over their number limits get 413`() {
        func parts(_ count: Int, _ disposition: String) -> String {
            String(repeating: part(disposition), count: count) + "--b--"
        }
        #expect(MultipartHearing(parts(1000, "name=a")).isComplete)
        #expect(MultipartHearing(parts(1001, "name=a")).error?.status == .contentTooLarge)
        #expect(MultipartHearing(parts(10_000, "name=a")).parts.count == 1000)
        #expect(MultipartHearing(parts(1001, "x=a")).error?.status == .contentTooLarge)
        #expect(MultipartHearing(parts(100, "name=a; filename=f")).isComplete)
        #expect(MultipartHearing(parts(101, "name=a; filename=f")).error?.status == .contentTooLarge)
    }

    @Test func `all bytes but file contents count, plus two for each field name, as in Django`() {
        var limits = MultipartLimits()
        limits.fieldBytes = 13
        let ten = String(repeating: "v", count: 10)
        #expect(MultipartHearing(part("name=a", content: ten) + "--b--", limits: limits).isComplete)
        #expect(
            MultipartHearing(part("name=a", content: ten + "v") + "--b--", limits: limits).error?.status
                == .contentTooLarge)
        #expect(MultipartHearing(part("name=a; filename=f", content: ten + ten) + "--b--", limits: limits).isComplete)
        #expect(MultipartHearing(part("x=a", content: ten + ten) + "--b--", limits: limits).error != nil)
        #expect(MultipartHearing("--b--\r\n" + ten + ten, limits: limits).error != nil)
        #expect(MultipartHearing(ten + ten + "\r\n--b--", limits: limits).error != nil)
    }

    @Test(arguments: ["", String(repeating: "a", count: 71), "a\u{7F}", "ü", "a ", "a\r\nb"])
    func `an invalid boundary is rejected (RFC 2046 §5.1.1)`(boundary: String) {
        #expect(throws: MultipartError.self) { try Self.make(boundary) }
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", true), ("multipart/form-data; boundary=\"a b'c\"", true),
        ("multipart/form-data", false), ("multipart/form-data; boundary=", false),
        ("multipart/form-data; boundary=a; boundary=b", false), ("multipart/form-data; boundary=\"a", false),
        ("multipart/form-data; charset=x; Boundary=a", true),
    ])
    func `the boundary is read from the Content-Type header`(type: String, isGood: Bool) {
        #expect(((try? Self.makeOf(type)) != nil) == isGood)
    }

    private static func make(_ boundary: String) throws(MultipartError) -> Bool {
        _ = try MultipartParser(boundary: boundary)
        return true
    }

    private static func makeOf(_ type: String) throws(MultipartError) -> Bool {
        _ = try MultipartParser(contentType: type)
        return true
    }
}

extension MultipartError {
    /// The error for a line that continues after its boundary.
    static let delimiterForTests = MultipartHearing("--bb").error
}
