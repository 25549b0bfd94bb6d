import StraitCore
import StraitHTTP
import Testing

@Suite struct `Part names and charsets` {
    /// The first part of a body whose `Content-Disposition` has these parameters.
    private func part(
        _ header: [UInt8], _ type: String = "multipart/form-data; boundary=b"
    ) throws -> MultipartPart? {
        var parser = try MultipartParser(contentType: type)
        let body = Array("--b\r\nContent-Disposition: form-data; ".utf8) + header + Array("\r\n\r\nx\r\n--b--".utf8)
        parser.feed(body.span)
        while let event = try parser.next() { if case .part(let part) = event { return part } }
        return nil
    }

    @Test(arguments: [
        (String(repeating: "a", count: 300) + ".txt", String(repeating: "a", count: 251) + ".txt"),
        (String(repeating: "a", count: 300), String(repeating: "a", count: 255)),
        (String(repeating: "é", count: 255) + ".jpg", String(repeating: "é", count: 251) + ".jpg"),
        ("a." + String(repeating: "b", count: 300), "." + String(repeating: "b", count: 254)),
        ("." + String(repeating: "b", count: 300), "." + String(repeating: "b", count: 254)),
        ("..." + String(repeating: "b", count: 300) + ".c", "..." + String(repeating: "b", count: 250) + ".c"),
        (String(repeating: "a", count: 251) + ".txt", String(repeating: "a", count: 251) + ".txt"),
    ])
    func `a file's name is cut to 255 characters and keeps its extension`(name: String, kept: String) throws {
        #expect(try part(Array("name=f; filename=\"\(name)\"".utf8))?.filename == kept)
    }

    @Test(arguments: ["latin-1", "ISO-8859-1", "latin_1", "Latin1", "iso8859-1"])
    func `values are in ISO 8859-1 if the Content-Type says so, but names are always in UTF-8`(name: String) throws {
        let charset = try FormCharset(named: name)
        let bytes: [UInt8] = [0xFC, 0x61]
        #expect(charset.text(bytes.span) == "üa")
        let type = "multipart/form-data; boundary=b; charset=\(name)"
        #expect(try MultipartParser(contentType: type).charset == .latin1)
        #expect(try part(Array("name=é".utf8), type)?.name == "é")
        #expect(throws: MultipartError.self) { try part(Array("name=a".utf8) + [0xE9], type) }
    }

    @Test func `an invalid byte in ASCII or UTF-8 is decoded as U+FFFD`() throws {
        let bytes: [UInt8] = [0x61, 0xE9]
        #expect(try FormCharset(named: "us-ascii").text(bytes.span) == "a\u{FFFD}")
        #expect(try FormCharset(named: "utf8").text(bytes.span) == "a\u{FFFD}")
    }

    @Test func `an unsupported charset is rejected, and an unknown one is ignored`() throws {
        do throws(MultipartError) {
            _ = try MultipartParser(contentType: "multipart/form-data; boundary=b; charset=utf-16")
            Issue.record("The charset was not rejected.")
        } catch {
            #expect(error.description == "The body's encoding \"utf-16\" is not supported. Send UTF-8 or ISO 8859-1.")
            #expect(error.status == .badRequest)
        }
        #expect(try part(Array("name=é".utf8), "multipart/form-data; boundary=b; charset=nonsense")?.name == "é")
        let long = String(repeating: "x", count: 99)
        #expect(throws: MultipartError.self) {
            _ = try MultipartParser(contentType: "multipart/form-data; boundary=b; charset=\(long)")
        }
    }
}
