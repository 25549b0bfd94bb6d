import StraitCore
import StraitHTTP
import StraitRouting
import StraitTemplates
import StraitTesting
import StraitWeb
import Testing

@testable import Strait

private struct UploadApp: App {
    let label = "uploads"
    var routes: [Route] {
        path("uploads/", name: "uploads") { _ in .text("uploads") }
    }
}

/// An app with a misspelt property, which has no effect.
private struct MisspeltApp: App {
    var route: [Route] { [path("never/") { _ in .text("never") }] }
}

/// A site with arrays of concrete types instead of `any App` and `any Command.Type`.
private struct NarrowSite: Site {
    var installedApps: [UploadApp] { [UploadApp()] }
    var commands: [Greet.Type] { [Greet.self] }
}

private struct Greet: Command {
    static let name = "greet"
    static let summary = "Says hello."
    func run(_ context: CommandContext) async throws { context.print("hello \(context.site is NarrowSite)") }
}

private struct LoneAppSite: Site {
    var installedApps: UploadApp { UploadApp() }
}

private struct WrongSettingsSite: Site {
    var settings: [String: String] { ["DEBUG": "true"] }
}

private struct WrongMiddlewareSite: Site {
    var middleware: [String] { ["SecurityMiddleware"] }
}

private struct WrongLoaders: App {
    var templates: [String] { ["Templates"] }
}

private struct WrongLoadersSite: Site {
    var installedApps: [any App] { [WrongLoaders()] }
}

private struct TangledSite: Site {
    var installedApps: [any App] { [UploadApp(), MisspeltApp()] }
    var routes: [Route] {
        path("tea/", name: "tea") { _ in .text("tea") }
        path("tea/", name: "more-tea") { _ in .text("more tea") }
        path("<str:kind>/", name: "kind") { _ in .text("kind") }
        path("coffee/", name: "coffee") { _ in .text("coffee") }
        path("shelf/<int:id>/", name: "shelf") { _ in .text("shelf") }
        path("rack/<int:id>/", name: "shelf") { _ in .text("rack") }
    }
}

private struct LostMiddlewareSite: Site {
    var middleware: MiddlewareList { .standard.removing(GZipMiddleware.self) }
}

/// A site with routers like those of Channels, and an optional mistake in a path.
private struct PortedSite: Site {
    var isMistaken = false
    var routes: [Route] {
        get throws {
            ProtocolTypeRouter(http: try URLRouter { path(isMistaken ? "<int:id" : "tea/") { _ in .text("tea") } })
        }
    }
}

@Suite struct SitePartsTests {
    @Test func `routes can come from routers that throw, and the error names the site`() async throws {
        try await TestSite(PortedSite()) { site in
            let page = try await site.client.get("/tea/")
            #expect(page.text == "tea")
        }
        let error = await #expect(throws: (any Error).self) {
            try await TestSite(PortedSite(isMistaken: true)) { _ in }
        }
        #expect(
            "\(try #require(error))"
                == "The routes of PortedSite cannot be created. URL route '<int:id' has a '<' without its '>'.")
    }

    @Test func `installedApps and commands can be arrays of one concrete type`() async throws {
        try await TestSite(NarrowSite()) { site in
            let page = try await site.client.get("/uploads/")
            #expect(page.text == "uploads")
        }
        let run = await ProgramRun.of(NarrowSite(), "greet")
        #expect(run.output == ["hello true"])
    }

    @Test(arguments: [
        (
            LoneAppSite() as any Site,
            "LoneAppSite.installedApps has the unsupported type UploadApp. Write `var installedApps: [any App] { … }`."
        ),
        (
            WrongSettingsSite(),
            """
            WrongSettingsSite.settings has the unsupported type Dictionary<String, String>. Write `var settings: \
            Settings { … }`.
            """
        ),
        (
            WrongMiddlewareSite(),
            """
            WrongMiddlewareSite.middleware has the unsupported type Array<String>. Write `var middleware: \
            MiddlewareList { .standard … }`.
            """
        ),
        (
            WrongLoadersSite(),
            """
            WrongLoaders.templates has the unsupported type Array<String>. Write `var templates: [any TemplateLoader] \
            { … }`.
            """
        ),
    ])
    func `a property of an unsupported type makes commands fail with the line to write`(
        site: any Site, text: String
    ) async {
        for command in ["runserver --port 0", "check", "routes"] {
            #expect(await ProgramRun.of(site, command) == ProgramRun(code: 1, output: [], errors: ["mysite: \(text)"]))
        }
    }

    @Test func `check reports an empty app, unreachable routes and duplicate route names`() async {
        let run = await ProgramRun.of(TangledSite(), "check")
        #expect(
            run.output == [
                """
                WARNING: installedApps: MisspeltApp has no routes, templates, tags, context processors, static files, \
                services or commands. Compare the names of its properties with those of App: a misspelt one has no \
                effect. (strait.W008)
                """,
                """
                WARNING: routes: Two routes have the path '/tea/'; the second is never reached. Remove one of them, or \
                give it another path. (strait.W009)
                """,
                """
                WARNING: routes: The route '/coffee/' is never reached: the earlier route '/<str:kind>/' matches all \
                of its paths. Put the more specific route first. (strait.W009)
                """,
                """
                WARNING: routes: Two routes are named 'shelf' and take the same arguments: '/shelf/<int:id>/', \
                '/rack/<int:id>/'. Give one of them another name, as a name leads to one path. (strait.W009)
                """,
                """
                WARNING: routes: The route '/uploads/' is never reached: the earlier route '/<str:kind>/' matches all \
                of its paths. Put the more specific route first. (strait.W009)
                """,
                "5 problems found.",
            ])
    }

    @Test func `services are created once, when the site is composed`() async throws {
        final class Pool: Service {}
        struct PoolApp: App {
            let journal: Journal
            func services(_ settings: Settings) -> [any Service] {
                journal.note("made with \(settings.allowedHosts)")
                return [Pool()]
            }
        }
        struct PoolSite: Site {
            let journal: Journal
            init() { journal = Journal() }
            init(_ journal: Journal) { self.journal = journal }
            var installedApps: [any App] { [PoolApp(journal: journal)] }
        }
        let journal = Journal()
        try await TestSite(PoolSite(journal)) { site in _ = try site.service(Pool.self) }
        #expect(journal.lines == ["made with [\"testserver\"]"])
        let run = await ProgramRun.of(PoolSite(journal), "check")
        // An app that has only services is not empty.
        #expect(journal.lines.count == 2 && !run.output.contains { $0.contains("PoolApp has no") })
    }

    @Test func `check reports a site without routes`() async {
        struct Bare: Site {}
        let run = await ProgramRun.of(Bare(), "check")
        #expect(run.output.contains { $0.contains("The site has no routes, so every path returns 404.") })
    }

    @Test func `removing middleware that is not in the list is an error that names the listed types`() async {
        let run = await ProgramRun.of(LostMiddlewareSite(), "check")
        #expect(
            run.errors == [
                """
                mysite: GZipMiddleware is not in the middleware list. Name one of those that are: RequestIDMiddleware, \
                AllowedHostsMiddleware, SecurityMiddleware, CSRFViewMiddleware, XFrameOptionsMiddleware, \
                ErrorPagesMiddleware, CommonMiddleware, StaticFilesMiddleware.
                """
            ])
    }

    @Test func `check reports a service that does not start`() async {
        final class Pool: Service {
            func start(in services: Services) async throws { throw CommandError("The database does not answer.") }
        }
        struct PoolSite: Site {
            var routes: [Route] { path("") { _ in .text("home") } }
            func services(_ settings: Settings) -> [any Service] { [Pool()] }
        }
        let run = await ProgramRun.of(PoolSite(), "check")
        #expect(run.code == 1)
        #expect(
            run.output.first
                == """
                ERROR: services: A service does not start: The database does not answer. Check that its dependencies \
                are available and its settings are correct. (strait.E014)
                """
        )
    }

    @Test func `check reports a Redis server that does not answer`() async {
        struct RedisSite: Site {
            var routes: [Route] { path("") { _ in .text("home") } }
            func channelLayers(_ settings: Settings) throws -> ChannelLayers {
                // No server listens on port 9.
                try ChannelLayers(
                    json:
                        #"""
                        {"default": {"BACKEND": "channels_redis.core.RedisChannelLayer",\#
                         "CONFIG": {"hosts": ["redis://127.0.0.1:9"]}}}
                        """#
                )
            }
        }
        let run = await ProgramRun.of(RedisSite(), "check")
        #expect(run.code == 1)
        #expect(run.output.first?.hasPrefix("ERROR: CHANNEL_LAYERS: The layer 'default' does not answer: ") == true)
        #expect(run.output.first?.hasSuffix("Start its Redis, or correct the address. (strait.E015)") == true)
    }
}
