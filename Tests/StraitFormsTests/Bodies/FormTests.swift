import FormScripts
import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitTesting
import TestFolders
import Testing

@Suite struct FormTests {
    @Test func `a URL-encoded body is parsed into fields`() async throws {
        let form = try await Request("application/x-www-form-urlencoded", "a=1&b=%C3%BC&a=2").form()
        #expect(form["a"] == "2")
        #expect(form.values(of: "a") == ["1", "2"])
        #expect(form["b"] == "ü")
        #expect(form.files.isEmpty)
    }

    @Test func `a multipart body is parsed into fields and files`() async throws {
        let form = try await Request(
            Request.multipart,
            part("name=a", "1") + part("name=f; filename=x.txt", "hello", type: "text/plain")
                + part("name=a", "2") + "--b--"
        ).form()
        #expect(form.values(of: "a") == ["1", "2"])
        let file = try #require(form.file("f"))
        #expect(file.filename == "x.txt" && file.size == 5 && file.contentType?.rawValue == "text/plain")
        #expect(try await file.collect(upTo: 5) == "hello")
        #expect(file.isInMemory)
        await #expect(throws: FormError.filesTooLarge(limit: 4)) { try await file.collect(upTo: 4) }
    }

    @Test func `a form is read once and shared by all copies of the request`() async throws {
        let body = ScriptedBody(["a=1"])
        let request = Request("application/x-www-form-urlencoded", body)
        let copy = request
        #expect(try await request.form()["a"] == "1")
        #expect(try await copy.form()["a"] == "1")
        #expect(body.taken == 1)
    }

    @Test func `a request without a body has an empty form`() async throws {
        #expect(try await Request(nil, "").form().fields.items.isEmpty)
    }

    @Test(arguments: [
        ("text/plain", 415), ("application/json", 415), (nil, 415), ("multipart/mixed; boundary=b", 415),
        ("multipart/form-data", 400), ("application/x-www-form-urlencoded; charset=utf-16", 400),
    ])
    func `a body with an unsupported Content-Type is rejected`(type: String?, status: Int) async throws {
        await expect(status) { try await Request(type, "a=1").form() }
    }

    @Test func `a form over a limit is rejected with 413, and the error names the limit`() async throws {
        var limits = FormLimits()
        limits.parts.fieldBytes = 10
        limits.fileBytes = 10
        let text = await expect(413) {
            try await Request("application/x-www-form-urlencoded", "a=1234567890").form(limits: limits)
        }
        #expect(text == "The body is larger than the limit of 10 bytes. Send less, or send large data as a file.")
        await expect(413) {
            try await Request(Request.multipart, part("name=a", "1234567890") + "--b--").form(limits: limits)
        }
        await expect(413) {
            try await Request(Request.multipart, part("name=f; filename=a", "12345678901") + "--b--").form(
                limits: limits)
        }
        let many = (0..<10_000).map { "a\($0)=1" }.joined(separator: "&")
        await expect(413) { try await Request("application/x-www-form-urlencoded", many).form() }
    }

    @Test func `a form whose Content-Length exceeds the limit is rejected before it is read`() async throws {
        let body = ScriptedBody(["--b\r\n"])
        let request = Request(
            scope: Scope(method: .post, path: "/", headers: ["content-type": Request.multipart]),
            body: RequestBody(body, contentLength: 1 << 30))
        await expect(413) { try await request.form() }
        #expect(body.taken == 0)
    }

    @Test func `reading a malformed form again throws the error again`() async throws {
        let request = Request(Request.multipart, part("name=a"))
        await expect(400) { try await request.form() }
        await expect(400) { try await request.form() }
    }

    // MARK: Temporary files

    @Test func `a large file is kept in an unnamed temporary file, and saving it overwrites nothing`() async throws {
        let folder = try TemporaryFolder()
        var limits = FormLimits()
        limits.memory = 1000
        limits.temporaryFolder = folder.path
        let large = String(repeating: "abcdefgh", count: 20_000)
        var form: FormData? = try await Request(
            Request.multipart,
            ScriptedBody(
                pieces(
                    part("name=s; filename=small", "tiny") + part("name=l; filename=large", large)
                        + part("name=m; filename=n", "more") + "--b--", of: 1001))
        ).form(limits: limits)
        #expect(form?.file("s")?.isInMemory == true)
        #expect(form?.file("m")?.isInMemory == true)
        let file = try #require(form?.file("l"))
        #expect(!file.isInMemory && file.size == large.utf8.count)
        #expect(folder.nameless == 1)
        #expect(folder.names.isEmpty)
        var read: [UInt8] = []
        for try await piece in file { read += Array(piece) }
        #expect(read == Array(large.utf8))
        try await keep(file, in: folder, large)
        form = nil
    }

    private func keep(_ file: UploadedFile, in folder: TemporaryFolder, _ contents: String) async throws {
        let path = folder.path + "/kept"
        try await file.save(to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == contents)
        await #expect(throws: FormError.self) { try await file.save(to: path) }
        await #expect(throws: FormError.self) { try await file.save(to: folder.path + "/other\0.txt") }
        #expect(folder.names == ["kept"])
        #expect(try String(contentsOfFile: path, encoding: .utf8) == contents)
    }

    @Test(arguments: ["cut off", "too large", "client gone", "refused part"])
    func `a form that fails leaves no temporary file behind`(fault: String) async throws {
        let folder = try TemporaryFolder()
        var limits = FormLimits()
        limits.memory = 10
        limits.temporaryFolder = folder.path
        let good = part("name=f; filename=a", String(repeating: "x", count: 100))
        var body = ScriptedBody(pieces(good + good, of: 50))
        switch fault {
        case "too large": limits.fileBytes = 150
        case "client gone": body = ScriptedBody(pieces(good + good, of: 50), failure: ClientGone())
        case "refused part": body = ScriptedBody(pieces(good + "--b\r\nnonsense\r\n\r\n", of: 50))
        default: break
        }
        let request = Request(Request.multipart, body)
        await #expect(throws: (any Error).self) { try await request.form(limits: limits) }
        #expect(folder.nameless == 0)
        #expect(folder.names.isEmpty)
    }

    @Test func `a request's temporary files are deleted with the request`() async throws {
        let folder = try TemporaryFolder()
        var limits = FormLimits()
        limits.memory = 10
        limits.temporaryFolder = folder.path
        func read() async throws -> Int {
            let body = part("name=f; filename=a", String(repeating: "x", count: 100)) + "--b--"
            _ = try await Request(Request.multipart, body).form(limits: limits)
            return folder.nameless
        }
        _ = try await read()
        #expect(folder.nameless == 0)
    }

    @Test func `the error for an unusable temporary folder names the folder`() async throws {
        var limits = FormLimits()
        limits.memory = 0
        limits.temporaryFolder = "/nowhere/at/all"
        let body = part("name=f; filename=a", "x") + "--b--"
        let text = await expect(500) { try await Request(Request.multipart, body).form(limits: limits) }
        #expect(text.contains("/nowhere/at/all"))
        #expect(text.contains("Set FILE_UPLOAD_TEMP_DIR, or FormLimits.temporaryFolder."))
    }

    // MARK: Parts

    @Test func `parts are delivered as they arrive, and a file's bytes are read on demand`() async throws {
        let body = ScriptedBody([
            Bytes(part("name=a", "1") + "--b\r\nContent-Disposition: form-data; name=f; filename=x\r\n\r\none"), "two",
            Bytes("three\r\n" + part("name=b", "2") + "--b--"),
        ])
        var heard: [String] = []
        for try await part in Request(Request.multipart, body).parts() {
            switch part {
            case .field(let name, let value): heard.append("\(name)=\(value)")
            case .file(let file):
                #expect(body.taken == 1)
                for try await bytes in file { heard.append(String(decoding: bytes, as: UTF8.self)) }
                #expect(body.taken == 3)
            }
        }
        #expect(heard == ["a=1", "one", "two", "three", "b=2"])
    }

    @Test func `an unread file is skipped and cannot be read later`() async throws {
        let request = Request(
            Request.multipart, part("name=f; filename=x", "xx") + part("name=g; filename=y", "yy") + "--b--")
        var iterator = request.parts().makeAsyncIterator()
        guard case .file(let first)? = try await iterator.next(), case .file(let second)? = try await iterator.next()
        else {
            Issue.record("Expected two files")
            return
        }
        #expect(second.filename == "y")
        await #expect(throws: FormError.self) { for try await _ in first {} }
        #expect(try await iterator.next() == nil)
        await expect(500) { try await request.form() }
    }

    @Test func `the parts of a form that was already read are its fields, then its files`() async throws {
        let request = Request(Request.multipart, part("name=f; filename=x", "xx") + part("name=a", "1") + "--b--")
        _ = try await request.form()
        var heard: [String] = []
        for try await part in request.parts() {
            switch part {
            case .field(let name, let value): heard.append("\(name)=\(value)")
            case .file(let file): for try await bytes in file { heard.append(String(decoding: bytes, as: UTF8.self)) }
            }
        }
        #expect(heard == ["a=1", "xx"])
    }

    @Test(arguments: Seeds(100))
    func `a form is parsed identically however its body is split`(seed: UInt64) async throws {
        var generator = SeededGenerator(seed: seed)
        let body = part("name=a", "1\r\n--\r\n") + part("name=f; filename=x", "\r\n\r\n--c") + "--b--"
        let form = try await Request(
            Request.multipart, ScriptedBody(pieces(body, of: Int.random(in: 1...30, using: &generator)))
        ).form()
        #expect(form["a"] == "1\r\n--\r\n")
        #expect(try await form.file("f")?.collect(upTo: 100) == "\r\n\r\n--c")
    }

    /// Expects `work` to throw an error with this HTTP status, and returns the error's description.
    @discardableResult
    private func expect(_ status: Int, _ work: () async throws -> FormData) async -> String {
        do {
            _ = try await work()
            Issue.record("Expected an error")
        } catch let error as any HTTPStatusError {
            #expect(error.status.code == status, "\(error)")
            return error.description
        } catch {
            Issue.record(error)
        }
        return ""
    }

    private func pieces(_ text: String, of count: Int) -> [Bytes] {
        let bytes = Bytes(text)
        return stride(from: 0, to: bytes.count, by: count).map { bytes.slice($0..<min($0 + count, bytes.count)) }
    }
}
