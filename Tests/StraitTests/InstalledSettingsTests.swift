import Foundation
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWeb
import Testing

@testable import Strait

/// Commands with an installation's settings, from a file and the environment.
@Suite struct InstalledSettingsTests {
    /// A site whose layers in Swift differ from those of its installation.
    private struct LayeredSite: Site {
        var routes: [Route] { path("") { _ in .text("home") } }
        var settings: Settings {
            var settings = Settings()
            settings.ownNames = ["SHOP_*"]
            settings.channelLayers = #"{"swift": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}"#
            return settings
        }
    }

    private struct OverridingSite: Site {
        func channelLayers(_ settings: Settings) -> ChannelLayers { ["own": InMemoryChannelLayer()] }
    }

    private func run(
        _ site: any Site, _ line: String, file: String = "", environment: [String: String] = [:]
    ) async throws -> ProgramRun {
        let folder = try ProgramFolder(["settings.env": file])
        let output = Lines()
        let errors = Lines()
        let program = Program(
            name: "mysite", site: site,
            environment: ["DEBUG": "true", "SETTINGS_FILE": folder.path + "/settings.env"].merging(environment) { $1 },
            output: { output.append($0) }, errors: { errors.append($0) })
        let code = await program.run(line.split(separator: " ").map(String.init))
        let lines = errors.all.map { $0.replacing(folder.path, with: "") }
        return ProgramRun(code: code, output: output.all.map { $0.replacing(folder.path, with: "") }, errors: lines)
    }

    private func layer(_ alias: String) -> String {
        #"{"\#(alias)": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}"#
    }

    /// Returns the names of a site's layers.
    private func layers(_ site: any Site, _ environment: [String: String]) throws -> [String] {
        let layers = try ComposedSite.layers(of: site, try SiteParts(site).settings.installed(environment: environment))
        return ["default", "swift", "own", "file", "environment"].filter { layers[$0] != nil }
    }

    @Test func `channel layers in the environment replace those in the file, and both replace those in Swift`() throws {
        let folder = try ProgramFolder(["settings.env": "CHANNEL_LAYERS=\(layer("file"))\n", "empty.env": ""])
        let file = ["SETTINGS_FILE": folder.path + "/settings.env"]
        let none = ["SETTINGS_FILE": folder.path + "/empty.env"]
        let environment = ["CHANNEL_LAYERS": layer("environment")]
        for site in [LayeredSite(), OverridingSite()] as [any Site] {
            #expect(try layers(site, file) == ["file"])
            #expect(try layers(site, none.merging(environment) { $1 }) == ["environment"])
            #expect(try layers(site, file.merging(environment) { $1 }) == ["environment"])
        }
        #expect(try layers(LayeredSite(), none) == ["swift"])
        #expect(try layers(OverridingSite(), none) == ["own"])
    }

    @Test func `the error for invalid channel layers names the line in which they begin`() async throws {
        let file = "# layers\n\nCHANNEL_LAYERS={\n  \"default\": {\n    \"BACKEND\": 5\n  }\n}\n"
        let failed = try await run(LayeredSite(), "check", file: file)
        #expect(failed.code == 1 && failed.errors.count == 1)
        #expect(failed.errors[0].hasPrefix("mysite: /settings.env: line 3: CHANNEL_LAYERS"), "\(failed.errors)")
    }

    @Test func `check lists invalid values with their lines, and fails`() async throws {
        let checked = try await run(
            LayeredSite(), "check",
            file: "TIME_ZONE=Europe/Berln\nALLOWED_HOSTS=https://example.com\nTEMPLATE_DIRS=/nowhere\n")
        #expect(checked.code == 1)
        #expect(
            checked.output == [
                """
                ERROR: ALLOWED_HOSTS: 'https://example.com' has a scheme. Write example.com. (strait.E004; \
                /settings.env: line 2)
                """,
                """
                ERROR: TIME_ZONE: 'Europe/Berln' is not a time zone of the IANA database. Did you mean Europe/Berlin? \
                (strait.E003; /settings.env: line 1)
                """,
                """
                ERROR: TEMPLATE_DIRS: There is no folder '/nowhere'. Create the folder, or remove it from \
                TEMPLATE_DIRS. (strait.E012; /settings.env: line 3)
                """,
                "3 problems found.",
            ])
    }

    @Test func `check warns about settings without effect, and fails only with --fail-level warning`() async throws {
        let file = "SECURE_PROXY_SSL_HEADER=x\nMAX_MESSAGE_SIZE=1M\nSHOP_NAME=tea\nMEDIA_ROOT=/nowhere\n"
        let checked = try await run(LayeredSite(), "check", file: file)
        #expect(checked.code == 0 && checked.errors == [])
        #expect(
            checked.output == [
                """
                WARNING: MAX_MESSAGE_SIZE: There is no such setting. Use the command-line option --max-message-size \
                instead. (strait.W002; /settings.env: line 2)
                """,
                """
                WARNING: SECURE_PROXY_SSL_HEADER: Strait does not have this setting of Django's. Start the server with \
                --proxy-headers and the proxy's address instead. (strait.W003; /settings.env: line 1)
                """,
                """
                WARNING: MEDIA_ROOT: There is no folder '/nowhere'. It is created when the first file is saved. \
                (strait.W004; /settings.env: line 4)
                """,
                "3 problems found.",
            ])
        #expect(try await run(LayeredSite(), "check --fail-level warning", file: file).code == 1)
        // The same name is listed once.
        let deployed = try await run(LayeredSite(), "check --deploy", file: file)
        #expect(deployed.output.count { $0.contains("MAX_MESSAGE_SIZE") } == 1)
    }

    @Test func `the server does not start with an invalid value, even with DEBUG`() async throws {
        let started = try await run(LayeredSite(), "runserver --port 0", file: "TIME_ZONE=Mars\n")
        #expect(
            started
                == ProgramRun(
                    code: 1, output: [],
                    errors: [
                        """
                        mysite: Cannot start with these settings. TIME_ZONE: 'Mars' is not a time zone of the IANA \
                        database. Write one such as Europe/Berlin or UTC. (/settings.env: line 1)
                        """
                    ]))
    }

    @Test func `check and collectstatic reject a STATIC_ROOT inside a source of static files`() async throws {
        let folder = try ProgramFolder(["assets/a.txt": "a"])
        let environment = ["STATICFILES_DIRS": folder.path + "/assets", "STATIC_ROOT": folder.path + "/assets/root"]
        let text =
            """
            STATIC_ROOT: '\(folder.path)/assets/root' is in \(folder.path)/assets, a source of static files. Give \
            STATIC_ROOT a separate folder. (staticfiles.E002)
            """
        let checked = try await run(LayeredSite(), "check", environment: environment)
        #expect(checked.code == 1 && checked.output == ["ERROR: \(text)", "1 problem found."])
        let collected = try await run(LayeredSite(), "collectstatic", environment: environment)
        #expect(collected == ProgramRun(code: 1, output: [], errors: ["mysite: \(text)"]))
        #expect(folder.names(beneath: "assets") == ["a.txt"])
    }

    @Test func `collectstatic warns about skipped links, removes stale .gz files, and clears with --clear`()
        async throws
    {
        let folder = try ProgramFolder(["assets/a.css": String(repeating: "a { } ", count: 100), "root/old": "x"])
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/assets/passwd", withDestinationPath: "/etc/passwd")
        let environment = ["STATICFILES_DIRS": folder.path + "/assets", "STATIC_ROOT": folder.path + "/root"]
        let warning =
            """
            \(folder.path)/assets/passwd is left out: the link leads out of \(folder.path)/assets. Copy its target \
            there, or add the other folder as well.
            """
        let first = try await run(LayeredSite(), "collectstatic", environment: environment)
        #expect(first.code == 0 && first.errors == ["mysite: warning: \(warning)"])
        #expect(folder.text("root/old") == "x")
        try folder.write("a{}", to: "assets/a.css")
        #expect(folder.names(beneath: "root").contains("a.css.gz"))
        let second = try await run(LayeredSite(), "collectstatic", environment: environment)
        #expect(second.code == 0 && !folder.names(beneath: "root").contains { $0.hasSuffix(".gz") })
        let third = try await run(LayeredSite(), "collectstatic --clear --noinput", environment: environment)
        #expect(third.code == 0 && folder.text("root/old") == nil && folder.text("root/a.css") == "a{}")
        let checked = try await run(LayeredSite(), "check", environment: environment)
        #expect(checked.output == ["WARNING: STATICFILES_DIRS: \(warning) (strait.W007)", "1 problem found."])
    }

    @Test func `collectstatic --clear does not remove uploads`() async throws {
        let folder = try ProgramFolder(["root/media/photo": "x"])
        let environment = ["MEDIA_ROOT": folder.path + "/root/media", "STATIC_ROOT": folder.path + "/root"]
        let collected = try await run(LayeredSite(), "collectstatic --clear", environment: environment)
        #expect(collected.code == 1 && collected.errors.first?.contains("is in STATIC_ROOT") == true)
        #expect(folder.text("root/media/photo") == "x")
    }

    @Test func `a file response has the media type from the settings`() async throws {
        let folder = try ProgramFolder(["a.straitb": "x"])
        struct FileSite: Site {
            let file: String
            init() { file = "" }
            init(file: String) { self.file = file }
            var routes: [Route] { path("file/") { [file] _ in .file(file) } }
        }
        let types: (inout Settings) -> Void = { $0.mediaTypes = ["straitb": "model/x-strait-b"] }
        try await TestSite(FileSite(file: folder.path + "/a.straitb"), settings: types) { site in
            // A file is read off the loop, which can take long on a busy machine.
            site.client.timeout = .seconds(600)
            let answer = try await site.client.get("/file/")
            #expect(answer.headers["content-type"] == "model/x-strait-b" && answer.text == "x")
        }
    }
}
