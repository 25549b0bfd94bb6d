import FormScripts
import Foundation
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTemplates
import StraitTesting
import StraitWeb
import TestFolders
import Testing

@Suite struct MediaFilesTests {
    /// A media folder with a picture, a hidden file and a link to its parent folder, which has a secret file.
    private struct Media {
        private let scratch: TemporaryFolder
        var path: String { scratch.path + "/media" }

        init() throws {
            scratch = try TemporaryFolder()
            try FileManager.default.createDirectory(atPath: path + "/photos", withIntermediateDirectories: true)
            try Data("<script>".utf8).write(to: URL(fileURLWithPath: path + "/photos/cat one.png"))
            try Data("hidden".utf8).write(to: URL(fileURLWithPath: path + "/.hidden"))
            try Data("secret".utf8).write(to: URL(fileURLWithPath: scratch.path + "/secret"))
            try FileManager.default.createSymbolicLink(atPath: path + "/link", withDestinationPath: scratch.path)
        }
    }

    private func ask(
        _ path: String, in media: Media?, isDebug: Bool = true, url: String = "/media/", method: HTTPMethod = .get,
        headers: HTTPFields = [:], rootPath: String = ""
    ) async throws -> HTTPResponse {
        var settings = Settings()
        settings.debug = isDebug
        settings.allowedHosts = ["*"]
        settings.mediaRoot = media?.path
        settings.mediaURL = url
        settings.secureContentTypeNosniff = false
        let routes = try URLRouter {
            StraitRouting.path("", MediaFiles())
            StraitRouting.path("") { _ in .text("home") }
            StraitRouting.path("media/") { _ in .text("a page") }
            StraitRouting.path("prefixes/") { request in try request.render("prefixes.html") }
        }
        let templates = EmbeddedLoader([
            "prefixes.html": "{% load static %}{% get_static_prefix %} {% get_media_prefix %}"
        ])
        let site = try WebSite(routes, settings: settings, templates: [templates], rootPath: rootPath)
        var configuration = ServerConfiguration()
        configuration.rootPath = rootPath
        return try await HTTPCommunicator(
            site.application, method, path, headers: headers, configuration: configuration, services: site.services
        )
        .response(timeout: .seconds(600))
    }

    @Test func `with DEBUG, an uploaded file is served with its extension's type and nosniff`() async throws {
        let media = try Media()
        let response = try await ask("/media/photos/cat%20one.png", in: media)
        #expect(response.status == .ok && response.text == "<script>")
        #expect(response.headers["content-type"] == "image/png")
        #expect(response.headers["x-content-type-options"] == "nosniff")
        #expect(try await ask("/u/photos/cat%20one.png", in: media, url: "u").status == .ok)
        let tag = try #require(response.headers["etag"])
        let known = try await ask("/media/photos/cat%20one.png", in: media, headers: ["if-none-match": tag])
        #expect(known.status == .notModified)
        #expect(try await ask("/media/photos/cat%20one.png", in: media, method: .head).status == .ok)
    }

    @Test func `nothing is served without DEBUG, without MEDIA_ROOT or with MEDIA_URL elsewhere`() async throws {
        let media = try Media()
        #expect(try await ask("/media/photos/cat%20one.png", in: media, isDebug: false).status == .notFound)
        #expect(try await ask("/media/photos/cat%20one.png", in: nil).status == .notFound)
        let elsewhere = try await ask(
            "/media/photos/cat%20one.png", in: media, url: "https://media.example.com/media/")
        #expect(elsewhere.status == .notFound)
        #expect(try await ask("/", in: media, url: "/").text == "home")
    }

    @Test(arguments: [
        "/media/../secret", "/media/%2e%2e/secret", "/media/..%2fsecret", "/media/photos/../../secret",
        "/media//etc/passwd", "/media/.hidden", "/media/photos%5c..%5csecret", "/media/link/secret", "/media/link",
        "/media/photos", "/media/photos/",
    ])
    func `files outside the folder, hidden files and folder listings are not served`(
        path: String
    ) async throws {
        let media = try Media()
        #expect(try await ask(path, in: media).status == .notFound)
    }

    @Test func `MediaFiles does not affect the site's other routes`() async throws {
        let media = try Media()
        #expect(try await ask("/", in: media).text == "home")
        #expect(try await ask("/media/", in: media).text == "a page")
        #expect(try await ask("/media", in: media).status == .movedPermanently)
        #expect(try await ask("/none/", in: media).status == .notFound)
    }

    @Test func `media URLs begin with the root path, also in templates`() async throws {
        let media = try Media()
        #expect(try await ask("/app/media/photos/cat%20one.png", in: media, rootPath: "/app").status == .ok)
        let prefixes = try await ask("/app/prefixes/", in: media, rootPath: "/app")
        #expect(prefixes.text == "/app/static/ /app/media/")
    }
}
