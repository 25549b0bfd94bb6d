import StraitHTTP
import Testing

@Suite struct MultipartTests {
    private static let file = "Content-Type: text/plain; charset=utf-8"

    @Test func `fields and files come in order, with their contents (RFC 7578 §4.2)`() {
        let heard = MultipartHearing(
            part("name=\"a\"", content: "1") + part("name=\"f\"; filename=\"x.txt\"", Self.file, content: "two\r\n--c")
                + part("name=a", content: "") + "--b--\r\n")
        #expect(heard.summary == ["a=1", "f:x.txt=two\r\n--c", "a="])
        #expect(heard.parts[1].contentType?.rawValue == "text/plain")
        #expect(heard.parts[1].headers["content-type"] == "text/plain; charset=utf-8")
        #expect(heard.ended == 3 && heard.isComplete && heard.error == nil)
    }

    @Test func `what stands before the first part and behind the last is overlooked (RFC 2046 §5.1.1)`() {
        let heard = MultipartHearing("a preamble --b\r\n" + part("name=a") + "--b--\r\nan epilogue\r\n--b\r\n")
        #expect(heard.summary == ["a=x"])
        #expect(heard.isComplete && heard.error == nil)
    }

    @Test func `spaces may follow a boundary, and nothing else`() {
        #expect(MultipartHearing("--b \t" + part("name=a").dropFirst(3) + "--b--").summary == ["a=x"])
        #expect(MultipartHearing("--bc\r\n\r\n--b--").error == .delimiterForTests)
        #expect(MultipartHearing("--b-\r\n").error == .delimiterForTests)
        #expect(MultipartHearing("--b" + String(repeating: " ", count: 200) + "\r\n").error == .delimiterForTests)
    }

    @Test func `a body without bytes is a form without fields, and so is one without parts`() {
        #expect(MultipartHearing("").isComplete)
        #expect(MultipartHearing("--b--\r\n").isComplete)
        #expect(MultipartHearing("--b--").summary == [])
    }

    @Test func `a part may share its line's end with the boundary behind it`() {
        let heard = MultipartHearing("--b\r\nContent-Disposition: form-data; name=a\r\n\r\n--b--")
        #expect(heard.summary == ["a="])
        #expect(heard.isComplete)
    }

    @Test(arguments: [
        "--b", "--b\r\n", "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx", "no boundary", part("name=a"),
    ])
    func `a body that is cut off is refused`(body: String) {
        let heard = MultipartHearing(body)
        #expect(heard.error?.status == .badRequest)
        #expect(heard.error?.description.contains("closing boundary") == true)
    }

    @Test func `lines that end in LF alone are refused`() {
        #expect(MultipartHearing("--b\nContent-Disposition: form-data; name=a\n\nx\n--b--\n").error != nil)
        #expect(MultipartHearing("--b\r\nContent-Disposition: form-data; name=a\nX: y\r\n\r\nx\r\n--b--").error != nil)
    }

    @Test(arguments: [
        ("name=\"a b\"", "a b"), ("name=a", "a"), ("name=\" a \"", "a"), ("name=\"ü\"", "ü"), ("NAME=\"a\"", "a"),
        ("name=\"a\\\"b\"", "a\"b"), ("name=\"a;b\"", "a;b"), ("name=\"a%22b\"", "a%22b"), ("name=\"\"", ""),
        ("name*=UTF-8''%c3%bc", "ü"),
    ])
    func `a name is read as Django reads it`(disposition: String, name: String) {
        #expect(MultipartHearing(part(disposition) + "--b--").parts.first?.name == name)
    }

    @Test(arguments: [
        ("x.txt", "x.txt"), ("C:\\dir\\x.txt", "x.txt"), ("../../etc/passwd", "passwd"), ("a/b\\c", "c"),
        ("x&#x2F;y", "y"), ("x&sol;..&#47;z", "z"), ("a&amp;b", "a&b"), ("a&b;c", "a&b;c"), ("naïve.txt", "naïve.txt"),
        ("a\u{202E}gpj.exe", "agpj.exe"), ("\u{600}&#x2F;z", "z"), ("a%2Fb", "a%2Fb"),
    ])
    func `a file's name is the last component of what was sent`(sent: String, name: String) {
        #expect(MultipartHearing(part("name=f; filename=\"\(sent)\"") + "--b--").parts.first?.filename == name)
    }

    @Test(arguments: ["/", "..", ".", "a/..", "\u{200B}"])
    func `a file whose name is no name is overlooked, as Django does`(sent: String) {
        #expect(
            MultipartHearing(part("name=f; filename=\"\(sent)\"") + part("name=a") + "--b--").summary == ["a=x"])
    }

    @Test func `a file without a name is a field, as browsers send where none was chosen`() {
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
    func `a name with control characters, or that cannot be read, is refused`(parameter: String) {
        let heard = MultipartHearing(part("name=f; \(parameter)") + "--b--")
        #expect(heard.error?.status == .badRequest)
        #expect(heard.parts.isEmpty)
    }

    @Test func `a part without a name is overlooked`() {
        let heard = MultipartHearing(
            part("filename=x") + "--b\r\n\r\nnothing\r\n" + "--b\r\nX-A: b\r\n\r\nx\r\n" + part("name=a") + "--b--")
        #expect(heard.summary == ["a=x"])
    }

    @Test(arguments: ["base64", "quoted-printable", "BASE64", "x-gzip", ""])
    func `a transfer coding is refused (RFC 7578 §4.7)`(coding: String) {
        let heard = MultipartHearing(part("name=a", "Content-Transfer-Encoding: \(coding)") + "--b--")
        #expect(heard.error?.status == .badRequest)
        #expect(heard.error?.description.contains("Send the bytes as they are.") == true)
    }

    @Test(arguments: ["binary", "8bit", "7BIT"])
    func `a transfer coding that changes nothing is taken`(coding: String) {
        #expect(MultipartHearing(part("name=a", "Content-Transfer-Encoding: \(coding)") + "--b--").summary == ["a=x"])
    }

    @Test func `parts within a part are refused (RFC 7578 §4.3)`() {
        let heard = MultipartHearing(part("name=a", "Content-Type: Multipart/Mixed; boundary=c") + "--b--")
        #expect(heard.error?.description.contains("itself multipart") == true)
    }

    @Test(arguments: ["a b: c", "a", ": x", " folded: x", "a: b\u{0}", "a: b\rc", "Content-Disposition: form-data"])
    func `a header line that is none is refused`(line: String) {
        #expect(MultipartHearing(part("name=a", line) + "--b--").error?.status == .badRequest)
    }

    @Test func `header bytes that are not UTF-8 are refused`() {
        var body = Array("--b\r\nContent-Disposition: form-data; name=\"".utf8)
        body += [0xE9] + Array("\"\r\n\r\nx\r\n--b--".utf8)
        #expect(MultipartHearing(body).error?.description.contains("UTF-8") == true)
    }

    // MARK: Limits

    @Test func `a header past its limit is refused, whether it ends or not`() {
        let long = String(repeating: "n", count: 9000)
        #expect(MultipartHearing(part("name=\(long)") + "--b--").error?.description.contains("8192 bytes") == true)
        #expect(MultipartHearing("--b\r\nX: " + long).error?.description.contains("8192 bytes") == true)
        let fits = String(repeating: "n", count: 8000)
        #expect(MultipartHearing(part("name=\(fits)") + "--b--").error == nil)
    }

    @Test func `fields and files past their number are refused with 413`() {
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

    @Test func `what is no file's contents is counted, with two bytes for each name as Django does`() {
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
    func `a boundary that is none is refused (RFC 2046 §5.1.1)`(boundary: String) {
        #expect(throws: MultipartError.self) { try Self.make(boundary) }
    }

    @Test(arguments: [
        ("multipart/form-data; boundary=abc", true), ("multipart/form-data; boundary=\"a b'c\"", true),
        ("multipart/form-data", false), ("multipart/form-data; boundary=", false),
        ("multipart/form-data; boundary=a; boundary=b", false), ("multipart/form-data; boundary=\"a", false),
        ("multipart/form-data; charset=x; Boundary=a", true),
    ])
    func `the boundary is a parameter of the Content-Type`(type: String, isGood: Bool) {
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
    /// What is thrown for a boundary that is not its whole line.
    static let delimiterForTests = MultipartHearing("--bb").error
}
