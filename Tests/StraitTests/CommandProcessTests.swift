import Foundation
import RedisServers
import Testing

/// Commands that depend on settings, run with the built program.
@Suite(.timeLimit(.minutes(20))) struct CommandProcessTests {
    private static let key = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
    private static let safe = ["SECRET_KEY": key, "ALLOWED_HOSTS": "example.com"]
    private static let noKey =
        """
        SECRET_KEY: It is missing. Give it at least 50 random characters, as 'head -c 48 /dev/urandom | base64' prints.
        """
    private static let noHosts =
        """
        ALLOWED_HOSTS: It is empty, so every request would be rejected. Give it the host names of the site, such as \
        ALLOWED_HOSTS=example.com; or set DEBUG=true on your own machine.
        """

    // MARK: Starting

    @Test(
        arguments: [
            ([:], "\(noKey) \(noHosts)"), (["SECRET_KEY": key], noHosts), (["ALLOWED_HOSTS": "example.com"], noKey),
            (
                ["SECRET_KEY": "django-insecure-\(key)", "ALLOWED_HOSTS": "*"],
                """
                SECRET_KEY: Its prefix says that it was generated for development. Give it at least 50 random \
                characters, as 'head -c 48 /dev/urandom | base64' prints.
                """
            ),
            (
                ["SECRET_KEY": key, "ALLOWED_HOSTS": "a.example", "CSRF_TRUSTED_ORIGINS": "b.example"],
                "CSRF_TRUSTED_ORIGINS: 'b.example' has no scheme. Write https://b.example."
            ),
        ] as [([String: String], String)], ["runserver --port 0 --loops 1", "--port 0", "runworker"])
    func `without DEBUG, unsafe settings prevent the start, and the error names all of them`(
        unsafe: (settings: [String: String], text: String), line: String
    ) async throws {
        let run = try await ProgramFolder().run(line, unsafe.settings)
        #expect(
            run
                == ProgramRun(
                    code: 1, output: [], errors: ["showcase: Cannot start with unsafe settings. \(unsafe.text)"]))
        #expect(!run.errors.joined().contains(Self.key))
    }

    @Test func `the program starts with safe settings`() async throws {
        let folder = try ProgramFolder()
        let program = try Executable(
            ["--port", "0", "--loops", "1"], environment: Self.safe.merging(["DEBUG": "false"]) { $1 },
            in: folder.path)
        #expect(try program.port(in: await program.line()) > 0)
        program.signal(SIGTERM)
        #expect(await program.end().code == 0)
    }

    @Test
    func `settings.env is read, the environment overrides it, and a file in SETTINGS_FILE must exist`()
        async throws
    {
        let folder = try ProgramFolder([
            "settings.env": "DEBUG=true\r\nSECRET_KEY=\(Self.key)\r\nALLOWED_HOSTS=a.example\r\n"
        ])
        let quiet = ["DEBUG": "true", "SECRET_KEY": Self.key, "ALLOWED_HOSTS": "a.example"]
        #expect(try await folder.run("check", quiet).code == 0)
        try folder.write("DEBUG=maybe\n", to: "other.env")
        #expect(
            try await folder.run("check", ["SETTINGS_FILE": "other.env"]).errors
                == ["showcase: other.env: line 1: DEBUG: 'maybe' is neither true nor false. Write one of these words."])
        #expect(
            try await folder.run("check", ["SETTINGS_FILE": "none.env"]).errors
                == [
                    """
                    showcase: SETTINGS_FILE: 'none.env' does not exist or cannot be read. Create it, or unset \
                    SETTINGS_FILE.
                    """
                ])
        #expect(
            try await folder.run("check", ["CHANNEL_LAYERS": "{"]).errors.first?.hasPrefix("showcase: CHANNEL_LAYERS")
                == true)
    }

    // MARK: Checking

    @Test func `check lists problems and fails, or reports that there are none`() async throws {
        let folder = try ProgramFolder()
        #expect(
            try await folder.run("check", Self.safe)
                == ProgramRun(code: 0, output: ["No problems found."], errors: []))
        #expect(try await folder.run("check", ["DEBUG": "true"]).code == 0)
        #expect(
            try await folder.run("check")
                == ProgramRun(
                    code: 1,
                    output: [
                        "ERROR: \(Self.noKey) (security.W009)", "ERROR: \(Self.noHosts) (security.W020)",
                        "2 problems found.",
                    ], errors: ["showcase: The check failed. Fix the problems listed above."]))
    }

    @Test func `check --deploy lists security problems, and fails from the level in --fail-level`()
        async throws
    {
        let folder = try ProgramFolder()
        let run = try await folder.run("check --deploy", Self.safe)
        #expect(run.code == 0 && run.errors.isEmpty)
        #expect(run.output.last == "3 problems found.")
        #expect(
            run.output.dropLast().map { $0.split(separator: ":")[1] } == [
                " SECURE_SSL_REDIRECT", " SECURE_HSTS_SECONDS", " CSRF_COOKIE_SECURE",
            ])
        #expect(run.output.dropLast().allSatisfy { $0.hasPrefix("WARNING: ") })
        let strict = try await folder.run("check --deploy --fail-level warning", Self.safe)
        #expect(strict.code == 1 && strict.output == run.output)
        #expect(strict.errors == ["showcase: The check failed. Fix the problems listed above."])
        // With DEBUG, the errors of production are listed, too.
        let debug = try await folder.run("check --deploy --fail-level ERROR", ["DEBUG": "true"])
        #expect(debug.code == 1 && debug.output.contains { $0.hasPrefix("WARNING: DEBUG: It is on") })
        #expect(debug.output.first == "ERROR: \(Self.noKey) (security.W009)")
        let good = [
            "SECURE_SSL_REDIRECT": "true", "SECURE_HSTS_SECONDS": "31536000", "SECURE_HSTS_PRELOAD": "true",
            "SECURE_HSTS_INCLUDE_SUBDOMAINS": "true", "CSRF_COOKIE_SECURE": "true",
        ]
        #expect(
            try await folder.run("check --deploy --fail-level warning", Self.safe.merging(good) { $1 })
                == ProgramRun(code: 0, output: ["No problems found."], errors: []))
        #expect(
            try await folder.run("check --fail-level loud")
                == ProgramRun(
                    code: 2, output: [], errors: ["showcase: --fail-level takes warning or error, not 'loud'."]))
    }

    // MARK: Static files

    @Test func `collectstatic fills STATIC_ROOT, then copies only new files, and check passes with it`()
        async throws
    {
        let css = "body { background: url(a.png) } /* " + String(repeating: "long ", count: 100) + "*/"
        let folder = try ProgramFolder([
            "assets/site/site.css": css, "assets/site/a.png": "picture", "assets/.hidden": "x",
        ])
        var settings = Self.safe
        settings["STATICFILES_DIRS"] = "assets"
        settings["STATIC_ROOT"] = folder.path + "/root"
        /// Runs collectstatic and returns the numbers of new files and of all files.
        func collect(_ line: String = "collectstatic") async throws -> (new: Int, all: Int) {
            let run = try await folder.run(line, settings)
            let pattern = #/Copied (\d+) of (\d+) static files to (.*); \d+ also have compressed copies\./#
            let found = try #require(run.output.first?.wholeMatch(of: pattern), "\(run)")
            #expect(run.code == 0 && run.output.count == 1 && run.errors.isEmpty && found.3 == folder.path + "/root")
            return (try #require(Int(found.1)), try #require(Int(found.2)))
        }
        let first = try await collect("collectstatic --noinput")
        #expect(first.new == first.all && first.all > 2)
        let names = folder.names(beneath: "root/site")
        let style = try #require(names.first { $0.wholeMatch(of: #/site\.[0-9a-f]{12}\.css/#) != nil })
        let picture = try #require(names.first { $0.wholeMatch(of: #/a\.[0-9a-f]{12}\.png/#) != nil })
        #expect(names == [picture, "a.png", style, style + ".gz", "site.css", "site.css.gz"].sorted())
        #expect(folder.text("root/site/" + style)?.contains("url(\(picture))") == true)
        #expect(folder.text("root/staticfiles.json")?.contains(#""site/a.png": "site/\#(picture)""#) == true)
        #expect(try await collect() == (0, first.all))
        try folder.write("another", to: "assets/site/a.png")
        #expect(try await collect() == (2, first.all))
        #expect(try await folder.run("check", settings).code == 0)
    }

    @Test func `collectstatic errors say what prevents it and what to do`() async throws {
        let folder = try ProgramFolder(["file": "", "assets/a.css": "a { b: url(none.png) }"])
        var settings = Self.safe
        settings["STATIC_ROOT"] = ""
        let path = folder.path
        let end = "Fix that, or remove the folder from STATICFILES_DIRS or from the app that names it."
        func error(_ command: String = "collectstatic") async throws -> String {
            let run = try await folder.run(command, settings)
            #expect(run.code == 1 && run.output.isEmpty && run.errors.count == 1)
            return run.errors.first ?? ""
        }
        #expect(
            try await error()
                == "showcase: STATIC_ROOT is not set. Give it the folder to copy to: STATIC_ROOT=/srv/static.")
        settings["STATIC_ROOT"] = path + "/root"
        settings["STATICFILES_DIRS"] = path + "/none"
        let missing =
            "showcase: The folder \(path)/none with static files cannot be read. There is no such folder. \(end)"
        #expect(try await error() == missing)
        settings["DEBUG"] = "true"
        #expect(try await error("check") == missing)
        settings["STATICFILES_DIRS"] = path + "/file"
        #expect(
            try await error()
                == "showcase: The folder \(path)/file with static files cannot be read. It is a file. \(end)")
        settings["STATICFILES_DIRS"] = path + "/assets"
        #expect(
            try await error()
                == """
                showcase: a.css refers to 'none.png', which is not a static file. Add the file, or remove the \
                reference.
                """
        )
        try folder.write("x", to: "assets/none.png")
        settings["STATIC_ROOT"] = path + "/file/root"
        #expect(
            try await error().hasSuffix(
                "cannot be written: Not a directory. Give STATIC_ROOT a folder that the program's user may write to."))
        #expect(folder.names(beneath: "").contains("root") == false)
    }

    // MARK: Routes

    @Test func `routes lists pages, sockets and channels with their names and handlers`() async throws {
        let run = try await ProgramFolder().run("routes")
        #expect(run.code == 0 && run.errors.isEmpty)
        let rows = run.output.map { $0.split(separator: " ", omittingEmptySubsequences: true).map(String.init) }
        for row in [
            ["socket", "/ws/echo/", "-", "Echo"], ["channel", "resize", "-"],
            ["GET,HEAD,OPTIONS", "/static/<path:path>", "-", "StaticFilesHandler"],
        ] { #expect(rows.contains(row), "\(row) in \(run.output.joined(separator: "\n"))") }
        #expect(rows.allSatisfy { $0.count >= 3 })
    }
}
