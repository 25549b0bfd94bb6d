import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import Testing

@testable import StraitWeb

/// Any input gives a value or an error with a message, and leaves no files behind.
@Suite struct FuzzTests {
    private static func soup(_ pieces: [String], most: Int, using generator: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...most, using: &generator) {
            text += pieces.randomElement(using: &generator) ?? ""
        }
        return text
    }

    // MARK: Forms

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
        let folder = try ScratchFolder()
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

    // MARK: Tokens

    @Test(arguments: Seeds(30))
    func `text is accepted as a token only if it is well formed, and matches only its secret`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let secret = CSRFToken.makeSecret(using: &generator)
        let pieces = [secret, String(secret.prefix(16)), "a", "Z9", "é", "e\u{301}", "\u{212A}", "-", "\u{0}", "ａ"]
        for _ in 0..<50 {
            let token = Self.soup(pieces, most: 6, using: &generator)
            let isToken =
                [32, 64].contains(token.utf8.count)
                && token.utf8.allSatisfy {
                    Unicode.Scalar($0).properties.isAlphabetic && $0 < 0x80 || (0x30...0x39).contains($0)
                }
            #expect((CSRFToken.fault(in: token) == nil) == isToken, "seed \(seed): \(token)")
            #expect((CSRFToken.secret(of: token)?.utf8.count == 32) == isToken, "seed \(seed): \(token)")
            #expect(CSRFToken.matches(token, secret) == (CSRFToken.secret(of: token) == secret))
            if token.utf8.count == 32 { #expect(CSRFToken.matches(token, secret) == (token == secret)) }
        }
    }

    // MARK: Settings

    @Test(arguments: Seeds(30))
    func `any settings file is read or rejected with an error that names the line`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = [
            "DEBUG", "SECRET_KEY", "ALLOWED_HOSTS", "STATIC_URL", "CSRF_COOKIE_AGE", "MY_OWN", "=", "true", "5", "a,b",
            "[\"a\"]", "{", "}", "[", "]", "'", "\"", "\\", "\\n", "#", " # ", "export ", " ", "\t", "\n", "\n",
            "\u{FEFF}", "é", "\u{301}",
            "\u{0}", "\u{2028}", "1",
        ]
        for _ in 0..<30 {
            let text = Self.soup(pieces, most: 20, using: &generator)
            var unix = Settings()
            var windows = Settings()
            let failure = Self.error { try unix.read(file: text, named: "settings.env") }
            let other = Self.error {
                try windows.read(
                    file: text.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n"),
                    named: "settings.env")
            }
            #expect(failure == other, "seed \(seed): \(text.debugDescription)")
            if let failure {
                let count = text.unicodeScalars.count { $0 == "\n" } + 1
                let line = failure.firstMatch(of: #/^settings\.env: line ([0-9]+): /#).flatMap { Int($0.output.1) }
                #expect(
                    (1...count).contains(line ?? 0) && ".?".contains(failure.last ?? " "), "seed \(seed): \(failure)")
            } else {
                #expect(unix.others == windows.others && unix.secretKey == windows.secretKey, "seed \(seed)")
                #expect(unix.allowedHosts == windows.allowedHosts, "seed \(seed): \(text.debugDescription)")
            }
        }
    }

    private static func error(_ work: () throws -> Void) -> String? {
        do { try work() } catch { return "\(error)" }
        return nil
    }

    @Test(arguments: Seeds(30))
    func `any quoted value is read back unchanged`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["a", " ", "#", " # ", "'", "\"", "\\", "=", "$", "é", "\u{301}", "\t", "[", ","]
        for _ in 0..<30 {
            let value = Self.soup(pieces, most: 8, using: &generator)
            let escaped = value.unicodeScalars.map { "\"\\".unicodeScalars.contains($0) ? "\\\($0)" : "\($0)" }.joined()
            let lines = try SettingsFile(parsing: "A=1\nMY_OWN = \"\(escaped)\" # why\nB=2").lines
            #expect(lines.map(\.value) == ["1", value, "2"], "seed \(seed): \(value.debugDescription)")
        }
    }

    // MARK: Files

    @Test(arguments: Seeds(30))
    func `a static file's name never leads out of the static files`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let pieces = ["a", "b.css", "/", "/", "..", ".", "\\", "\u{0}", "\u{600}", "\u{301}", "%2e", "é"]
        for _ in 0..<50 {
            let name = Self.soup(pieces, most: 8, using: &generator)
            let parts = name.utf8.split(separator: 0x2F, omittingEmptySubsequences: false).map { Array($0) }
            let isInside =
                !parts.contains { $0.isEmpty || $0[0] == 0x2E } && !name.utf8.contains(0) && !name.utf8.contains(0x5C)
            #expect(StaticName.isInside(name) == isInside, "seed \(seed): \(name.debugDescription)")
            if let target = StaticName.target(of: name, in: "css/site.css", baseURLs: ["/static/"]) {
                #expect(
                    !target.name.utf8.split(separator: 0x2F).contains { $0.elementsEqual("..".utf8) },
                    "seed \(seed): \(name.debugDescription)")
            }
        }
    }
}
