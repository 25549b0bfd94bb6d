import Foundation
import Testing

@testable import StraitWeb

@Suite struct SettingsTests {
    private func read(_ text: String) throws -> Settings {
        var settings = Settings()
        try settings.read(file: text, named: "settings.env")
        return settings
    }

    @Test func `a file has a line for each setting, as shells read it`() throws {
        let settings = try read(
            """
            # A comment.
            DEBUG=true
            export SECRET_KEY='it # is "quoted"'   # and commented
              ALLOWED_HOSTS = example.com, .example.org
            STATIC_ROOT="/srv/a \\"b\\"\\n"
            X_FRAME_OPTIONS=
            MY_OWN=5 # five
            CSRF_TRUSTED_ORIGINS=["https://a.example", "https://*.b.example"]
            """)
        #expect(settings.debug)
        #expect(settings.secretKey == #"it # is "quoted""#)
        #expect(settings.allowedHosts == ["example.com", ".example.org"])
        #expect(settings.staticRoot == "/srv/a \"b\"\n")
        #expect(settings.xFrameOptions == nil)
        #expect(settings["MY_OWN"] == "5")
        #expect(settings.csrfTrustedOrigins == ["https://a.example", "https://*.b.example"])
    }

    @Test func `a file from Windows is read as any other`() throws {
        let settings = try read("# First.\r\nSECRET_KEY=abc\r\nDEBUG=true\r\nMY_OWN='5'\r\n")
        #expect(settings.secretKey == "abc" && settings.debug && settings["MY_OWN"] == "5")
        #expect(throws: SettingsError("settings.env: line 2: 'DEBUG' has no value. Write NAME=value.")) {
            try read("A=1\r\nDEBUG\r\n")
        }
    }

    @Test func `a quote and a sign stay what they are in front of a combining mark`() throws {
        #expect(
            try read("A=\"\u{301}x\"\nB='\u{301}'\nC=\u{301}").others == [
                "A": "\u{301}x", "B": "\u{301}", "C": "\u{301}",
            ])
    }

    @Test(arguments: [
        ("DEBUG", "settings.env: line 1: 'DEBUG' has no value. Write NAME=value."),
        (
            "\n\nDE BUG=1",
            "settings.env: line 3: 'DE BUG' is no name. Write NAME=value, the name of letters, digits and _."
        ),
        ("DEBUG=maybe", "settings.env: line 1: DEBUG: 'maybe' is neither true nor false. Write one of these words."),
        ("ALOWED_HOSTS=a", "settings.env: line 1: ALOWED_HOSTS is no setting. Did you mean ALLOWED_HOSTS?"),
        (
            "SECRET_KEY='abc",
            "settings.env: line 1: SECRET_KEY: The closing ' is missing. Write it at the end of the value."
        ),
        ("A='b'c", "settings.env: line 1: A: There is 'c' behind the closing quote. Take it away, or quote all."),
        (
            "DATA_UPLOAD_MAX_MEMORY_SIZE=-1",
            "settings.env: line 1: DATA_UPLOAD_MAX_MEMORY_SIZE: '-1' is no whole number from 0 on. Write digits."
        ),
        (
            "CSRF_COOKIE_SAMESITE=Sometimes",
            "settings.env: line 1: CSRF_COOKIE_SAMESITE: 'Sometimes' is none of Lax, Strict, None. Write one of them."
        ),
        (
            "SECRET_KEY_FALLBACKS=[1]",
            #"settings.env: line 1: SECRET_KEY_FALLBACKS: what is given is no list of texts. Write ["a", "b"], or a,b."#
        ),
    ])
    func `what is wrong in a file is told with its line, and secrets are not shown`(text: String, error: String) {
        #expect(throws: SettingsError.self) { try read(text) }
        do { _ = try read(text) } catch let failure { #expect("\(failure)" == error) }
    }

    @Test func `a value in quotes and JSON may span lines, and lines are counted on`() throws {
        let layers = "{\n  \"default\": {\"a\": \"}=#\\\"\"}\n}"
        let settings = try read(
            "A='x\ny'\nCHANNEL_LAYERS=\(layers) # comment\nALLOWED_HOSTS=[\n\"a\",\n \"b\"\n]\nB=\"1\n2\"\n")
        #expect(settings["A"] == "x\ny" && settings["B"] == "1\n2")
        #expect(settings.channelLayers == layers && settings.allowedHosts == ["a", "b"])
        #expect(settings.places["CHANNEL_LAYERS"] == .file("settings.env", line: 3))
        #expect(settings.places["ALLOWED_HOSTS"] == .file("settings.env", line: 6))
        #expect(settings.places["B"] == .file("settings.env", line: 10))
    }

    @Test(arguments: [
        (
            "A='1\n2\n3'\nDEBUG=maybe",
            "settings.env: line 4: DEBUG: 'maybe' is neither true nor false. Write one of these words."
        ),
        ("CHANNEL_LAYERS={\n\"a\": {}\n}\nDEBUG", "settings.env: line 4: 'DEBUG' has no value. Write NAME=value."),
        (
            "\nSECRET_KEY_FALLBACKS=[\n1\n]\n",
            #"settings.env: line 2: SECRET_KEY_FALLBACKS: what is given is no list of texts. Write ["a", "b"], or a,b."#
        ),
        (
            "\nCHANNEL_LAYERS={\n\"a\": {}\n",
            "settings.env: line 2: CHANNEL_LAYERS: The value begins with { and does not end. Close it with }, or write it in quotes."
        ),
        (
            "\nA={\n\"a\": 1\n} x\n",
            "settings.env: line 2: A: There is 'x' behind the closing }. Take it away, or quote all."
        ),
        (
            "\nA={\n\"a\": 1]\n}\n",
            "settings.env: line 2: A: The value has a ] that closes nothing. Take it away, or quote all."
        ),
        (
            "\nA='x\nB=1\n",
            "settings.env: line 2: A: The closing ' is missing. Write it at the end of the value."
        ),
    ])
    func `an error names the line that its value begins in`(text: String, error: String) {
        #expect(throws: SettingsError.self) { try read(text) }
        do { _ = try read(text) } catch let failure { #expect("\(failure)" == error) }
    }

    @Test func `a value that only begins like JSON is a text`() throws {
        let settings = try read("A={x} y\nB=[1] 2 # three\nC=}\nD={]\n")
        #expect(settings.others == ["A": "{x} y", "B": "[1] 2", "C": "}", "D": "{]"])
    }

    @Test func `the environment goes over the file, and the file over the program`() throws {
        let folder = NSTemporaryDirectory() + "settings-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try Data("STATIC_URL=files\nTIME_ZONE=Europe/Berlin\n".utf8).write(
            to: URL(fileURLWithPath: folder + "/settings.env"))
        var own = Settings()
        own.staticURL = "own/"
        own.mediaURL = "/media"
        let settings = try own.installed(environment: ["TIME_ZONE": "UTC"], in: folder)
        #expect(settings.staticURL == "/files/" && settings.timeZone == "UTC" && settings.mediaURL == "/media/")
        let named = try own.installed(environment: ["SETTINGS_FILE": folder + "/settings.env"], in: "/")
        #expect(named.timeZone == "Europe/Berlin")
        #expect(throws: SettingsError.self) { try own.installed(environment: ["SETTINGS_FILE": folder + "/none"]) }
    }

    private var safe: Settings {
        var settings = Settings()
        settings.secretKey = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
        settings.allowedHosts = ["example.com"]
        return settings
    }

    @Test func `without DEBUG a missing key and missing hosts are errors, with it they are not`() {
        #expect(Settings().errors.map(\.setting) == ["SECRET_KEY", "ALLOWED_HOSTS"])
        #expect(safe.errors.isEmpty)
        var debug = Settings()
        debug.debug = true
        #expect(debug.errors.isEmpty)
        #expect(debug.deploymentProblems.map(\.id).contains("security.W018"))
        #expect(debug.deploymentProblems.map(\.id).contains("security.W009"))
    }

    @Test(arguments: [
        "django-insecure-0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJ", "short", String(repeating: "ab", count: 30),
    ])
    func `a key that can be guessed is an error (security.W009)`(key: String) {
        var settings = safe
        settings.secretKey = key
        #expect(settings.errors.map(\.id) == ["security.W009"])
    }

    @Test func `settings that do not go together are errors`() {
        var settings = safe
        settings.csrfTrustedOrigins = ["example.com"]
        settings.csrfCookieSameSite = "None"
        settings.secureHSTSPreload = true
        #expect(settings.errors.map(\.id) == ["4_0.E001", "strait.E001", "strait.E002"])
    }

    @Test func `where all is as it should be, nothing is said`() {
        var settings = safe
        settings.secureSSLRedirect = true
        settings.secureHSTSSeconds = 31_536_000
        settings.secureHSTSIncludeSubdomains = true
        settings.secureHSTSPreload = true
        settings.csrfCookieSecure = true
        settings.sessionCookieSecure = true
        #expect(settings.deploymentProblems == [])
    }
}
