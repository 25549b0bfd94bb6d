import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWeb
import Testing

/// A form without a field for files takes none.
@Suite struct `Files that no field is for` {
    final class PhotoForm: Form {
        let name = CharField(required: false)
        let photo = FileField(required: false)
    }

    private static let start: Bytes =
        "--b\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAnn\r\n--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"a\"\r\n\r\n"

    /// A body with a file, whose bytes come after its header.
    private func body() -> ScriptedBody {
        ScriptedBody(
            [Self.start] + (0..<50).map { _ in Bytes([UInt8](repeating: 0x78, count: 65_536)) } + ["\r\n--b--"])
    }

    @Test func `a form refuses them at their header, before their bytes are read`() async throws {
        let body = body()
        do {
            _ = try await ContactForm(Request(Request.multipart, body))
            Issue.record("nothing was thrown")
        } catch let error as FormError {
            #expect(error.status == .contentTooLarge)
            #expect(error.description == "The form takes no files. Send its fields alone.")
        }
        #expect(body.taken == 1)
    }

    @Test func `a value that is decoded refuses them, unless limits are given`() async throws {
        struct Person: Decodable, Sendable { var name: String }
        let body = body()
        await #expect(throws: FormError.self) { try await Request(Request.multipart, body).decode(Person.self) }
        #expect(body.taken == 1)
        let person = try await Request(Request.multipart, self.body()).decode(Person.self, limits: FormLimits())
        #expect(person.name == "Ann")
        let request = Request(Request.multipart, self.body())
        #expect(try await request.form().file("f")?.size == 50 * 65_536)
        #expect(try await request.decode(Person.self).name == "Ann")
    }

    @Test func `a form with a field for files, and one that shares its request with others, take them`() async throws {
        #expect(try await PhotoForm(Request(Request.multipart, body())).isBound)
        #expect(try await ContactForm(Request(Request.multipart, body()), prefix: "p").isBound)
        #expect(try await ContactForm(Request(Request.multipart, body()), limits: FormLimits()).isBound)
    }

    @Test func `a field without a file that was chosen is no file`() async throws {
        let text = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--"
        #expect(try await ContactForm(Request(Request.multipart, ScriptedBody([Bytes(text)]))).isBound)
    }

    @Test func `a value of a part with more than 30 marks in a row is refused with 400`() async throws {
        let marks = String(repeating: "\u{301}", count: 31)
        for part in [
            "name=\"a\"\r\n\r\n\(marks)", "name=\"\(marks)\"\r\n\r\na", "name=a; filename=\"\(marks)\"\r\n\r\na",
        ] {
            let text = "--b\r\nContent-Disposition: form-data; \(part)\r\n--b--"
            await #expect(throws: FormError.malformed(.combiningMarks)) {
                try await Request(Request.multipart, ScriptedBody([Bytes(text)])).form()
            }
        }
    }

    @Test func `values are read in the coding that the Content-Type names`() async throws {
        let body = Bytes(
            Array("--b\r\nContent-Disposition: form-data; name=é\r\n\r\n".utf8) + [0xFC]
                + Array("\r\n--b--".utf8))
        let form = try await Request("multipart/form-data; boundary=b; charset=latin-1", ScriptedBody([body])).form()
        #expect(form["é"] == "ü")
    }
}
