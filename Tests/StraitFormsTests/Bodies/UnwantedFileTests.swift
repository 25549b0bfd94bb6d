import FormScripts
import StraitCore
import StraitForms
import StraitHTTP
import Testing

/// Files in a form that has no file field.
@Suite struct `Unexpected files` {
    final class PhotoForm: Form {
        let name = CharField(required: false)
        let photo = FileField(required: false)
    }

    private static let start: Bytes =
        """
        --b\r\nContent-Disposition: form-data; name="name"\r\n\r\nAnn\r\n--b\r\n\
        Content-Disposition: form-data; name="f"; filename="a"\r\n\r\n
        """

    /// A body with a file whose bytes arrive after its header.
    private func body() -> ScriptedBody {
        ScriptedBody(
            [Self.start] + (0..<50).map { _ in Bytes([UInt8](repeating: 0x78, count: 65_536)) } + ["\r\n--b--"])
    }

    @Test func `a form without a file field rejects a file at its header, before reading its bytes`() async throws {
        let body = body()
        do {
            _ = try await ContactForm(Request(Request.multipart, body))
            Issue.record("Expected an error")
        } catch let error as FormError {
            #expect(error.status == .contentTooLarge)
            #expect(error.description == "The form accepts no files. Send only its fields.")
        }
        #expect(body.taken == 1)
    }

    @Test func `decoding rejects a file at its header, unless limits are given or the form was read`() async throws {
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

    @Test func `a form with a file field, a prefix or explicit limits accepts files`() async throws {
        #expect(try await PhotoForm(Request(Request.multipart, body())).isBound)
        #expect(try await ContactForm(Request(Request.multipart, body()), prefix: "p").isBound)
        #expect(try await ContactForm(Request(Request.multipart, body()), limits: FormLimits()).isBound)
    }

    @Test func `a file input without a chosen file does not count as a file`() async throws {
        let text = "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\r\n\r\n--b--"
        #expect(try await ContactForm(Request(Request.multipart, ScriptedBody([Bytes(text)]))).isBound)
    }

    @Test func `a part with more than 30 combining marks in a row is rejected`() async throws {
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

    @Test func `values are decoded in the charset of the Content-Type`() async throws {
        let body = Bytes(
            Array("--b\r\nContent-Disposition: form-data; name=é\r\n\r\n".utf8) + [0xFC]
                + Array("\r\n--b--".utf8))
        let form = try await Request("multipart/form-data; boundary=b; charset=latin-1", ScriptedBody([body])).form()
        #expect(form["é"] == "ü")
    }
}
