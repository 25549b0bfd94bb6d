import FormScripts
import StraitCore
import StraitForms
import StraitHTTP
import StraitTesting
import TestFolders
import Testing

/// Random bodies must give a value or an error with a message, and leave no files behind.
@Suite struct FormFuzzTests {
    private static func soup(_ pieces: [String], most: Int, using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...most, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }
        return text
    }

    private static let bodies = [
        part("name=a", "1"), part("name=b; filename=x", "some bytes of a file\r\n--"), part("name=c", "é\r\n"),
        part("name=f; filename=\"y\"", String(repeating: "x", count: 100), type: "text/plain"), "--b--", "--b--\r\n",
        "--b\r\n", "\r\n", "a=1&b=2", "&", "=", "%ff", "a", "name=", "\u{0}", "é",
    ]

    /// The result of reading a form: its fields and files, or the error.
    private struct Outcome: Equatable {
        var fields: [String] = []
        var files: [String] = []
        var error: String?
    }

    private static func read(_ type: String, _ pieces: [Bytes], _ limits: FormLimits) async -> Outcome {
        let request = Request(type, ScriptedBody(pieces))
        do {
            let form = try await request.form(limits: limits)
            var outcome = Outcome(fields: form.fields.items.map { $0.name + "=" + $0.value })
            for file in form.files {
                let bytes = try await file.collect(upTo: file.size)
                outcome.files.append("\(file.name):\(file.filename)=\(Array(bytes))")
            }
            return outcome
        } catch let error as FormError {
            #expect([400, 413, 415].contains(error.status.code), "\(error)")
            return Outcome(error: error.description)
        } catch {
            Issue.record(error)
            return Outcome()
        }
    }

    @Test func `any body gives a form or an error, however it is split, and leaves no files`() async throws {
        let folder = try TemporaryFolder()
        let types = [
            Request.multipart, "application/x-www-form-urlencoded", "multipart/form-data; boundary=\"b", "text/a",
        ]
        try await withSeeds(20) { seed in
            var generator = SeededGenerator(seed: seed)
            for _ in 0..<10 {
                var limits = FormLimits()
                limits.temporaryFolder = folder.path
                limits.memory = Int.random(in: 0...150, using: &generator)
                limits.fileBytes = Int.random(in: 0...400, using: &generator)
                limits.parts.fieldBytes = Int.random(in: 10...100, using: &generator)
                limits.parts.fields = Int.random(in: 1...5, using: &generator)
                limits.parts.files = Int.random(in: 0...3, using: &generator)
                let type = types[Int.random(in: 0..<9, using: &generator) % 5 % 4]
                var body = Array(Self.soup(Self.bodies, most: 8, using: &generator).utf8)
                if Bool.random(using: &generator), !body.isEmpty {
                    body[Int.random(in: body.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
                }
                let bytes = Bytes(body)
                let whole = await Self.read(type, [bytes], limits)
                let size = Int.random(in: 1...40, using: &generator)
                let pieces = stride(from: 0, to: bytes.count, by: size).map {
                    bytes.slice($0..<min($0 + size, bytes.count))
                }
                try #require(await Self.read(type, pieces, limits) == whole, "\(type) \(body)")
                try #require(folder.names.isEmpty && folder.nameless == 0, "\(type) \(body)")
            }
        }
    }

    private struct Order: Decodable, Sendable {
        var item: String
        var count: Int
        var isGift: Bool
        var price: Double?
        var tags: [String]
        var sizes: [UInt8]
    }

    @Test(arguments: Seeds(30))
    func `any form fields or JSON decode to a value or throw an error with a description`(seed: UInt64) async {
        var generator = SeededGenerator(seed: seed)
        let names = ["item", "count", "isGift", "price", "tags", "sizes", "other"]
        let values = ["", "1", "-1", "300", "on", "maybe", "1e400", "nan", "é", "[", "99999999999999999999"]
        let json = [
            "{", "}", "[", "]", ":", ",", "1", "-", "e9", "\"", "\"item\"", "\"tags\"", "null", "true", "\\u", "é",
        ]
        for _ in 0..<20 {
            let fields = (0..<Int.random(in: 0...8, using: &generator)).map { _ in
                names.randomElement(using: &generator)! + "=" + values.randomElement(using: &generator)!
            }
            let bodies = [
                ("application/x-www-form-urlencoded", fields.joined(separator: "&")),
                ("application/json", Self.soup(json, most: 12, using: &generator)),
            ]
            for (type, body) in bodies {
                do { _ = try await Request(type, body).decode(Order.self) } catch let error as FormError {
                    #expect(error.status == .badRequest && !error.description.isEmpty, "seed \(seed): \(body)")
                } catch { Issue.record(error, "seed \(seed): \(body)") }
            }
        }
    }

    @Test func `JSON nested too deeply is rejected`() async {
        for begin in ["[", "{\"item\":"] {
            let body = String(repeating: begin, count: 100_000)
            await #expect(throws: FormError.self) { try await Request("application/json", body).decode(Order.self) }
        }
    }
}
