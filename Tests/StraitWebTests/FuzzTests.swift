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
