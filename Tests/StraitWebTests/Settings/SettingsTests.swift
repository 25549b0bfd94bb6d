import Foundation
import Testing

@testable import StraitWeb

@Suite struct SettingsTests {
    private func read(_ text: String) throws -> Settings {
        var settings = Settings()
        try settings.read(file: text, named: "settings.env")
        return settings
    }

    @Test func `a settings file has one setting per line, in shell syntax`() throws {
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

    @Test func `a settings file with CRLF line endings is read`() throws {
        let settings = try read("# First.\r\nSECRET_KEY=abc\r\nDEBUG=true\r\nMY_OWN='5'\r\n")
        #expect(settings.secretKey == "abc" && settings.debug && settings["MY_OWN"] == "5")
        #expect(throws: SettingsError("settings.env: line 2: 'DEBUG' has no value. Write NAME=value.")) {
            try read("A=1\r\nDEBUG\r\n")
        }
    }

    @Test func `a quote or equals sign before a combining mark keeps its meaning`() throws {
        #expect(
            try read("A=\"\u{301}x\"\nB='\u{301}'\nC=\u{301}").others == [
                "A": "\u{301}x", "B": "\u{301}", "C": "\u{301}",
            ])
    }

    @Test(arguments: [
        ("DEBUG", "settings.env: line 1: 'DEBUG' has no value. Write NAME=value."),
        (
            "\n\nDE BUG=1",
            "settings.env: line 3: 'DE BUG' is not a name. Write NAME=value; a name has letters, digits and _."
        ),
        ("DEBUG=maybe", "settings.env: line 1: DEBUG: 'maybe' is neither true nor false. Write one of these words."),
        ("ALOWED_HOSTS=a", "settings.env: line 1: ALOWED_HOSTS is not a setting. Did you mean ALLOWED_HOSTS?"),
        (
            "SECRET_KEY='abc",
            "settings.env: line 1: SECRET_KEY: The closing ' is missing. Write it at the end of the value."
        ),
        (
            "A='b'c",
            "settings.env: line 1: A: There is 'c' after the closing quote. Remove it, or quote the whole value."
        ),
        (
            "DATA_UPLOAD_MAX_MEMORY_SIZE=-1",
            "settings.env: line 1: DATA_UPLOAD_MAX_MEMORY_SIZE: '-1' is not a whole number of at least 0. Write digits."
        ),
        (
            "CSRF_COOKIE_SAMESITE=Sometimes",
            """
            settings.env: line 1: CSRF_COOKIE_SAMESITE: 'Sometimes' is not one of Lax, Strict, None. Write one of \
            them.
            """
        ),
        (
            "SECRET_KEY_FALLBACKS=[1]",
            #"""
            settings.env: line 1: SECRET_KEY_FALLBACKS: its value is not a list of strings. Write ["a", "b"], or \#
            a,b.
            """#
        ),
    ])
    func `an error in a settings file names the line and does not show secrets`(text: String, error: String) {
        #expect(throws: SettingsError.self) { try read(text) }
        do { _ = try read(text) } catch let failure { #expect("\(failure)" == error) }
    }

    @Test func `quoted and JSON values can span lines, and later line numbers stay correct`() throws {
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
            #"""
            settings.env: line 2: SECRET_KEY_FALLBACKS: its value is not a list of strings. Write ["a", "b"], or \#
            a,b.
            """#
        ),
        (
            "\nCHANNEL_LAYERS={\n\"a\": {}\n",
            """
            settings.env: line 2: CHANNEL_LAYERS: The value begins with { and does not end. Close it with }, or \
            write it in quotes.
            """
        ),
        (
            "\nA={\n\"a\": 1\n} x\n",
            "settings.env: line 2: A: There is 'x' after the closing }. Remove it, or quote the whole value."
        ),
        (
            "\nA={\n\"a\": 1]\n}\n",
            "settings.env: line 2: A: The value has an unmatched ]. Remove it, or quote the whole value."
        ),
        (
            "\nA='x\nB=1\n",
            "settings.env: line 2: A: The closing ' is missing. Write it at the end of the value."
        ),
    ])
    func `an error names the line on which its value begins`(text: String, error: String) {
        #expect(throws: SettingsError.self) { try read(text) }
        do { _ = try read(text) } catch let failure { #expect("\(failure)" == error) }
    }

    @Test func `a value that only looks like JSON is plain text`() throws {
        let settings = try read("A={x} y\nB=[1] 2 # three\nC=}\nD={]\n")
        #expect(settings.others == ["A": "{x} y", "B": "[1] 2", "C": "}", "D": "{]"])
    }

    @Test func `the environment overrides the settings file, which overrides the site's code`() throws {
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

    @Test func `a missing SECRET_KEY or ALLOWED_HOSTS is an error unless DEBUG is on`() {
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
    func `a weak SECRET_KEY is an error (security.W009)`(key: String) {
        var settings = safe
        settings.secretKey = key
        #expect(settings.errors.map(\.id) == ["security.W009"])
    }

    @Test func `invalid and conflicting settings are errors`() {
        var settings = safe
        settings.csrfTrustedOrigins = ["example.com"]
        settings.csrfCookieSameSite = "None"
        settings.secureHSTSPreload = true
        #expect(settings.errors.map(\.id) == ["4_0.E001", "strait.E001", "strait.E002"])
    }

    @Test func `secure settings have no deployment problems`() {
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
