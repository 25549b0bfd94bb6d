import Foundation
import StraitTesting
import Testing

@testable import Strait

/// A site with an app whose sources are in a temporary folder.
@Suite struct AppFolderTests {
    private struct OneApp: Site {
        var installedApps: [any App] { [Chat(files: app)] }
        var app = AppFiles()
    }

    private struct Chat: App {
        let files: AppFiles
        var routes: [Route] {
            path("page/") { request in try request.render("chat/page.html") }
            path("added/") { request in try request.render("chat/added.html") }
        }
    }

    private let sources = try! ProgramFolder([
        "Templates/chat/page.html": "page on disk", "Static/chat/chat.css": "css on disk",
    ])

    /// Returns compiled-in files whose sources are in `folder`.
    private func files(in folder: String) -> AppFiles {
        var files = AppFiles(folder: folder)
        files.add("Templates/chat/page.html", text: "page compiled in")
        files.add("Static/chat/chat.css", text: "css compiled in")
        return files
    }

    private func served(_ files: AppFiles, isDebug: Bool) throws -> ComposedSite {
        var settings = Settings()
        settings.debug = isDebug
        settings.allowedHosts = ["localhost"]
        return try ComposedSite(OneApp(app: files), settings: settings)
    }

    private func text(_ path: String, of site: ComposedSite) async throws -> String {
        let response = try await HTTPCommunicator(
            site.application, .get, path, headers: ["host": "localhost"], services: site
        ).response(timeout: .seconds(600))
        return response.status == .ok ? response.text : "\(response.status.code)"
    }

    @Test func `with DEBUG, a changed or added file is served from the next request on`() async throws {
        let site = try served(files(in: sources.path), isDebug: true)
        #expect(try await text("/page/", of: site) == "page on disk")
        #expect(try await text("/static/chat/chat.css", of: site) == "css on disk")
        try sources.write("another page", to: "Templates/chat/page.html")
        try sources.write("another css", to: "Static/chat/chat.css")
        #expect(try await text("/page/", of: site) == "another page")
        #expect(try await text("/static/chat/chat.css", of: site) == "another css")
        #expect(try await text("/added/", of: site) == "500")
        try sources.write("added", to: "Templates/chat/added.html")
        try sources.write("added css", to: "Static/chat/added.css")
        #expect(try await text("/added/", of: site) == "added")
        #expect(try await text("/static/chat/added.css", of: site) == "added css")
        try FileManager.default.removeItem(atPath: sources.path + "/Static/chat/added.css")
        #expect(try await text("/static/chat/added.css", of: site) == "404")
    }

    @Test func `folders that are created later are read, too`() async throws {
        let sources = try ProgramFolder()
        let site = try served(files(in: sources.path), isDebug: true)
        #expect(try await text("/static/chat/chat.css", of: site) == "404")
        try sources.write("late css", to: "Static/chat/chat.css")
        try sources.write("late page", to: "Templates/chat/page.html")
        #expect(try await text("/static/chat/chat.css", of: site) == "late css")
        #expect(try await text("/page/", of: site) == "late page")
    }

    @Test func `without DEBUG, or without the source folder, the compiled-in files are served`() async throws {
        for (folder, isDebug) in [(sources.path, false), ("/nowhere/Chat", true), ("/nowhere/Chat", false)] {
            let site = try served(files(in: folder), isDebug: isDebug)
            #expect(try await text("/page/", of: site) == "page compiled in")
            let css = isDebug ? "chat.css" : hashedName(of: "css compiled in")
            #expect(try await text("/static/chat/\(css)", of: site) == "css compiled in")
        }
    }

    /// Returns the name of `chat.css` with the hash of its contents.
    private func hashedName(of text: String) -> String {
        let files = try? StaticFiles([.embedded(["chat.css": Bytes(text)])], settings: Settings())
        return (try? files?.url("chat.css").split(separator: "/").last).flatMap { $0 }.map(String.init) ?? ""
    }

    @Test(arguments: ["../secret.html", "link.html", ".hidden.html", "a/../../../secret.html"])
    func `hidden files and files outside the folder are not served`(name: String) async throws {
        try sources.write("secret", to: "secret.html")
        try sources.write("hidden", to: "Templates/.hidden.html")
        try sources.write("hidden", to: "Static/.hidden.html")
        for root in ["Templates", "Static"] {
            try FileManager.default.createSymbolicLink(
                atPath: "\(sources.path)/\(root)/link.html", withDestinationPath: sources.path + "/secret.html")
        }
        let files = files(in: sources.path)
        let engine = TemplateEngine(loaders: [files.templates(isDebug: true)], isDebug: true)
        #expect(throws: TemplateError.self) { try engine.template(name) }
        #expect(try await text("/static/\(name)", of: served(files, isDebug: true)) == "404")
    }

    @Test func `check and collectstatic do not require a folder that an app does not have`() throws {
        let sources = try ProgramFolder()
        var settings = Settings()
        settings.debug = true
        let parts = try SiteParts(OneApp(app: files(in: sources.path)))
        #expect(ComposedSite.staticSources(parts, settings).isEmpty)
        #expect(ComposedSite.staticSources(parts, settings, listing: false).count == 1)
    }

    @Test func `two apps of one target share one folder`() throws {
        struct Two: Site {
            let files: AppFiles
            init() { files = AppFiles(folder: "/nowhere") }
            var installedApps: [any App] { [Chat(files: files), Chat(files: files)] }
        }
        let files = try SiteParts(Two()).files
        #expect(files.staticSources(isDebug: false, listing: true).count == 1)
        #expect(files.templates(isDebug: false).count == 1)
    }

    @Test func `an app's loaders come before its folder, and the site's files before the apps'`() throws {
        struct Elsewhere: App {
            let files: AppFiles
            var templates: [any TemplateLoader] { [EmbeddedLoader(["a": "elsewhere", "b": "elsewhere"])] }
        }
        struct Ordered: Site {
            var files: AppFiles { Self.files("/site", "site") }
            var installedApps: [any App] { [Elsewhere(files: Self.files("/app", "app"))] }
            static func files(_ folder: String, _ text: String) -> AppFiles {
                var files = AppFiles(folder: folder)
                if text == "site" { files.add("Templates/a", text: text) }
                for name in ["b", "c"] where text == "app" { files.add("Templates/\(name)", text: text) }
                return files
            }
        }
        let engine = TemplateEngine(loaders: try SiteParts(Ordered()).files.templates(isDebug: false))
        #expect(try engine.render("a") == "site")
        #expect(try engine.render("b") == "elsewhere")
        #expect(try engine.render("c") == "app")
    }
}
