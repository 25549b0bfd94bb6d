import FormScripts
import Foundation
import TestFolders
import Testing

@testable import StraitWeb

/// Invalid values are errors that say what to write instead.
@Suite struct SettingValueTests {
    /// Returns the errors of valid settings after `change`, as the `check` command prints them.
    private func errors(_ change: (inout Settings) -> Void) -> [String] {
        var settings = Settings()
        settings.debug = true
        change(&settings)
        return settings.errors.map { "\($0.setting): \($0.text) \($0.hint)" }
    }

    @Test(arguments: [
        "example.com", ".example.com", "EXAMPLE.com", "*", "localhost", "127.0.0.1", "[::1]", "xn--mnchen-3ya.de",
        "a_b.example.com", "10.0.0.1",
    ])
    func `ALLOWED_HOSTS accepts a host name, a domain, an IP address or a star`(host: String) {
        #expect(errors { $0.allowedHosts = [host] } == [])
    }

    @Test(
        arguments: [
            ("https://example.com", "has a scheme. Write example.com."),
            ("https://example.com:8000/x", "has a scheme. Write example.com."),
            ("http://[::1]:8000", "has a scheme. Write [::1]."),
            ("*://example.com", "has a scheme. Write example.com."),
            ("*://*.example.com/*", "has a scheme. Write .example.com."),
            (" https://example.com", "has a scheme. Write example.com."),
            ("example.com:8000", "has a port. Write example.com."), ("[::1]:8000", "has a port. Write [::1]."),
            ("example.com:", "has a port. Write example.com."),
            ("*.example.com", "has a star that matches nothing. Write .example.com."),
            ("*.example.com:80", "has a star that matches nothing. Write .example.com."),
            ("::1", "is an IPv6 address without brackets. Write [::1]."),
            ("2001:DB8:0::1", "is an IPv6 address without brackets. Write [2001:db8::1]."),
            ("[2001:DB8:0::1]", "is not the shortest form of the address. Write [2001:db8::1]."),
            ("example.com/", "has a path. Write example.com."), ("me@example.com", "has a user. Write example.com."),
            ("example.com.", "ends with a dot. Write example.com."),
            (
                "ex*mple.com",
                """
                has a star that matches nothing. Write a host name such as example.com, .example.com for all names \
                beneath it, or * for any.
                """
            ),
            (
                "a b",
                """
                is not a host name. Write a host name such as example.com, .example.com for all names beneath it, or \
                * for any.
                """
            ),
            (
                "m\u{fc}nchen.de",
                """
                is not in ASCII, as browsers send it (xn--…). Write a host name such as example.com, .example.com \
                for all names beneath it, or * for any.
                """
            ),
            (
                "",
                "is empty. Write a host name such as example.com, .example.com for all names beneath it, or * for any."
            ),
            (
                "[::x]",
                """
                is not a host name. Write a host name such as example.com, .example.com for all names beneath it, or \
                * for any.
                """
            ),
        ])
    func `an entry in ALLOWED_HOSTS that matches no host is an error`(host: String, rest: String) {
        #expect(errors { $0.allowedHosts = ["example.com", host] } == ["ALLOWED_HOSTS: '\(host)' \(rest)"])
    }

    @Test func `IPv6 addresses can be listed with commas or as JSON`() throws {
        for text in ["[::1],example.com", "[::1]", #"["[::1]", "example.com"]"#, "example.com, [::1]"] {
            var settings = Settings()
            try settings.read(environment: ["ALLOWED_HOSTS": text])
            #expect(settings.allowedHosts.contains("[::1]"), "\(text)")
            try settings.read(file: "ALLOWED_HOSTS=\(text)\n", named: "settings.env")
            #expect(settings.allowedHosts.contains("[::1]"), "\(text)")
        }
    }

    @Test(
        arguments: [
            ("Europe/Berln", "Did you mean Europe/Berlin?"), ("", "Write one such as Europe/Berlin or UTC."),
            ("Nowhere", "Write one such as Europe/Berlin or UTC."),
            ("GMT+3", "Write a place such as Europe/Berlin, or Etc/GMT-3 for three hours east."),
        ])
    func `a time zone that does not exist is an error`(name: String, hint: String) {
        #expect(
            errors { $0.timeZone = name } == ["TIME_ZONE: '\(name)' is not a time zone of the IANA database. \(hint)"])
    }

    @Test(arguments: [
        "UTC", "Europe/Berlin", "America/Argentina/Buenos_Aires", "Etc/GMT-3", "US/Eastern", "Asia/Calcutta",
    ])
    func `a time zone of the IANA database is accepted`(name: String) {
        #expect(errors { $0.timeZone = name } == [])
    }

    @Test(
        arguments: [
            ("example.com", "has no scheme. Write https://example.com."),
            ("https://example.com/", "has a path. Write https://example.com."),
            ("https://example.com/a?b", "has a path. Write https://example.com."),
            ("HTTPS://Example.com", "has capital letters. Write https://example.com."),
            ("https://example.com:443", "has a port that browsers leave out. Write https://example.com."),
            ("http://example.com:80", "has a port that browsers leave out. Write http://example.com."),
            ("https://.example.com", "begins with a dot. Write https://*.example.com."),
            (
                "https://a*.example.com",
                "has a star. Write an origin such as https://example.com or https://*.example.com."
            ),
            ("https://", "is empty. Write an origin such as https://example.com or https://*.example.com."),
            ("https://*", "has a star. Write an origin such as https://example.com or https://*.example.com."),
        ])
    func `a trusted origin that matches no origin is an error (4_0.E001)`(origin: String, rest: String) {
        #expect(errors { $0.csrfTrustedOrigins = [origin] } == ["CSRF_TRUSTED_ORIGINS: '\(origin)' \(rest)"])
    }

    @Test(arguments: ["https://example.com", "https://*.example.com", "http://localhost:3000", "https://[::1]:8443"])
    func `a trusted origin in the form that browsers send is accepted`(origin: String) {
        #expect(errors { $0.csrfTrustedOrigins = [origin] } == [])
    }

    @Test func `invalid headers, cookies, URLs, sizes and media types are errors`() {
        let cases: [((inout Settings) -> Void, String)] = [
            (
                { $0.secureSSLHost = "https://a.example" },
                "SECURE_SSL_HOST: 'https://a.example' has a scheme. Write a.example."
            ),
            (
                { $0.secureReferrerPolicy = "same-orign" },
                "SECURE_REFERRER_POLICY: 'same-orign' is not a referrer policy. Did you mean same-origin?"
            ),
            (
                { $0.secureCrossOriginOpenerPolicy = "x" },
                """
                SECURE_CROSS_ORIGIN_OPENER_POLICY: 'x' is not an opener policy. Write one of same-origin, \
                same-origin-allow-popups, unsafe-none.
                """
            ),
            (
                { $0.xFrameOptions = "ALLOWALL" },
                """
                X_FRAME_OPTIONS: Browsers ignore 'ALLOWALL', so any site may show pages in frames. Write DENY or \
                SAMEORIGIN, or nothing for no header.
                """
            ),
            (
                { $0.csrfCookieName = "a;b" },
                "CSRF_COOKIE_NAME: 'a;b' is not a cookie name. Write letters, digits, - and _."
            ),
            (
                { $0.csrfHeaderName = "HTTP_X_CSRFTOKEN" },
                """
                CSRF_HEADER_NAME: 'HTTP_X_CSRFTOKEN' is spelt as WSGI spells headers. Write it as HTTP does: \
                X-CSRFToken.
                """
            ),
            (
                { $0.csrfHeaderName = "HTTP_X_XSRF_TOKEN" },
                """
                CSRF_HEADER_NAME: 'HTTP_X_XSRF_TOKEN' is spelt as WSGI spells headers. Write it as HTTP does: \
                X-Xsrf-Token.
                """
            ),
            (
                { $0.csrfCookieDomain = "https://a.example" },
                "CSRF_COOKIE_DOMAIN: 'https://a.example' has a scheme. Write a.example."
            ),
            (
                { $0.csrfCookiePath = "app" },
                "CSRF_COOKIE_PATH: 'app' is not a cookie path. Write one that begins with a slash."
            ),
            (
                { $0.csrfCookieSameSite = "lax" },
                "CSRF_COOKIE_SAMESITE: 'lax' is not one of Lax, Strict, None. Write one of them."
            ),
            (
                { $0.sessionCookieSameSite = "Hello" },
                "SESSION_COOKIE_SAMESITE: 'Hello' is not one of Lax, Strict, None. Write one of them."
            ),
            (
                { $0.sessionCookieName = "a b" },
                "SESSION_COOKIE_NAME: 'a b' is not a cookie name. Write letters, digits, - and _."
            ),
            (
                { $0.staticURL = "//cdn.example.com/" },
                """
                STATIC_URL: '//cdn.example.com/' begins with two slashes. Write https://cdn.example.com/, or a path \
                with one slash.
                """
            ),
            (
                { $0.mediaURL = "/a b/" },
                """
                MEDIA_URL: '/a b/' is neither a path nor an address. Write a path such as /static/, or an address \
                such as https://static.example.com/.
                """
            ),
            (
                { $0.staticURL = "/../" },
                """
                STATIC_URL: '/../' is neither a path nor an address. Write a path such as /static/, or an address \
                such as https://static.example.com/.
                """
            ),
            (
                { $0.dataUploadMaxMemorySize = -1 },
                "DATA_UPLOAD_MAX_MEMORY_SIZE: -1 is below 0. Give it a number from 0 on."
            ),
            (
                { $0.mediaTypes = ["glb": "model"] },
                """
                MEDIA_TYPES: 'model' is not a media type for glb: use the form of model/gltf-binary. Write an \
                extension and its type: glb=model/gltf-binary.
                """
            ),
            (
                { $0.mediaURL = "/static/" },
                "MEDIA_URL: It is the same as STATIC_URL, '/static/'. Give uploaded files a different address."
            ),
            (
                { $0.mediaURL = "/static/media/" },
                """
                MEDIA_URL: '/static/media/' is beneath STATIC_URL, '/static/', so no uploaded file is served. Give \
                uploaded files a different address.
                """
            ),
        ]
        for (change, text) in cases { #expect(errors(change) == [text]) }
        #expect(
            errors {
                $0.secureReferrerPolicy = "no-referrer, strict-origin-when-cross-origin"
                $0.xFrameOptions = "SameOrigin"
                $0.csrfCookieDomain = ".example.com"
                $0.secureSSLHost = "example.com:8443"
                $0.staticURL = "https://cdn.example.com/s/"
            } == [])
    }

    @Test func `MEDIA_TYPES maps file extensions to media types`() throws {
        var settings = Settings()
        try settings.read(environment: ["MEDIA_TYPES": "glb=model/gltf-binary, log=text/x-log; charset=utf-8"])
        #expect(settings.mediaTypes == ["glb": "model/gltf-binary", "log": "text/x-log; charset=utf-8"])
        #expect(
            throws: SettingsError(
                """
                in the environment: MEDIA_TYPES: 'glb' has no media type. Write an extension and its type: \
                glb=model/gltf-binary.
                """
            )
        ) { try settings.read(environment: ["MEDIA_TYPES": "glb"]) }
    }

    @Test func `an error names the line that sets the value`() throws {
        var settings = Settings()
        try settings.read(file: "DEBUG=true\n\nTIME_ZONE=Europe/Berln\n", named: "settings.env")
        let problem = try #require(settings.errors.first)
        #expect(
            problem.description
                == """
                TIME_ZONE: 'Europe/Berln' is not a time zone of the IANA database. Did you mean Europe/Berlin? \
                (strait.E003; settings.env: line 3)
                """
        )
        try settings.read(environment: ["TIME_ZONE": "Europe/Berln"])
        #expect(settings.errors.first?.line == nil)
    }

    @Test func `folders that are missing, are files or contain each other are reported`() throws {
        let scratch = try TemporaryFolder()
        let path = scratch.path
        for name in ["root/media", "media", "templates", "assets"] {
            try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: true)
        }
        try Data().write(to: URL(fileURLWithPath: path + "/file"))
        func problems(_ change: (inout Settings) -> Void) -> [String] {
            var settings = Settings()
            change(&settings)
            return settings.folderProblems([.folder(path + "/assets")]).map {
                "\($0.level) \($0.setting): \($0.text)".replacing(path, with: "")
            }
        }
        let cases: [((inout Settings) -> Void, [String])] = [
            ({ $0.templateFolders = [path + "/templates"] }, []),
            ({ $0.templateFolders = [path + "/none"] }, ["error TEMPLATE_DIRS: There is no folder '/none'."]),
            ({ $0.templateFolders = [path + "/file"] }, ["error TEMPLATE_DIRS: '/file' is not a folder."]),
            ({ $0.mediaRoot = path + "/none" }, ["warning MEDIA_ROOT: There is no folder '/none'."]),
            ({ $0.mediaRoot = path + "/file" }, ["error MEDIA_ROOT: '/file' is not a folder."]),
            (
                { $0.fileUploadTemporaryFolder = path + "/none" },
                ["error FILE_UPLOAD_TEMP_DIR: There is no folder '/none'."]
            ),
            ({ $0.staticRoot = path + "/none" }, []),
            ({ $0.staticRoot = path + "/file" }, ["error STATIC_ROOT: '/file' is not a folder."]),
            (
                { $0.staticRoot = path + "/assets" },
                ["error STATIC_ROOT: '/assets' is /assets, a source of static files."]
            ),
            (
                {
                    $0.staticRoot = path + "/media"
                    $0.mediaRoot = path + "/media/"
                }, ["error MEDIA_ROOT: It is the same folder as STATIC_ROOT, /media."]
            ),
            (
                {
                    $0.staticRoot = path + "/root"
                    $0.mediaRoot = path + "/root/media"
                }, ["error MEDIA_ROOT: '/root/media' is in STATIC_ROOT, /root."]
            ),
            (
                {
                    $0.staticRoot = path + "/root/media"
                    $0.mediaRoot = path + "/root"
                }, ["warning MEDIA_ROOT: '/root' contains STATIC_ROOT, /root/media."]
            ),
            (
                { $0.mediaRoot = path + "/assets" },
                ["warning MEDIA_ROOT: '/assets' is in /assets, a source of static files."]
            ),
            (
                {
                    $0.staticRoot = path + "/root"
                    $0.templateFolders = [path + "/root/media"]
                }, ["error TEMPLATE_DIRS: '/root/media' is in STATIC_ROOT, /root, which anyone may read."]
            ),
        ]
        for (change, expected) in cases { #expect(problems(change) == expected) }
    }
}
