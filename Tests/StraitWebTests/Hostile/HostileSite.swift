import FormScripts
import Foundation
import StraitCore
import StraitForms
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTemplates
import StraitTesting
import TestFolders
import Testing

@testable import StraitWeb

/// A careless site with all middleware, on an in-memory server. It puts untrusted input into templates, headers and
/// file paths.
final class HostileSite: Sendable {
    static let secret = "abcdefghijklmnopqrstuvwxyz012345"

    /// The contents of files that must not be served.
    static let hidden = "top secret"

    /// Contains `public` (servable files and links out of it), `templates`, `uploads` (temporary files) and
    /// `secret.txt`.
    let folder: TemporaryFolder
    let server: MemoryServer
    let log = Journal()

    init(_ change: (inout Settings, TemporaryFolder) throws -> Void = { _, _ in }) throws {
        folder = try TemporaryFolder()
        for name in ["public/sub", "templates", "uploads"] {
            try FileManager.default.createDirectory(
                atPath: folder.path + "/" + name, withIntermediateDirectories: true)
        }
        for (name, text) in [
            ("secret.txt", Self.hidden), ("public/a.txt", "hello"), ("public/.hidden", Self.hidden),
            ("public/sub/b.css", "b {}"), ("templates/good.html", "good {{ name }}"),
        ] { try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/" + name)) }
        for name in ["public/link.txt", "templates/link.html"] {
            try FileManager.default.createSymbolicLink(
                atPath: folder.path + "/" + name, withDestinationPath: folder.path + "/secret.txt")
        }
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/public/up", withDestinationPath: folder.path)
        var settings = Settings()
        settings.allowedHosts = ["example.com"]
        settings.templateFolders = [folder.path + "/templates"]
        settings.fileUploadTemporaryFolder = folder.path + "/uploads"
        settings.fileUploadMaxMemorySize = 100
        try change(&settings, folder)
        let site = try WebSite(
            try URLRouter(Self.routes(folder.path)), settings: settings,
            staticFiles: try StaticFiles([.folder(folder.path + "/public")], settings: settings),
            templates: [EmbeddedLoader(["show.html": Self.page])])
        var configuration = ServerConfiguration()
        configuration.proxies = TrustedProxies(["10.0.0.1"])
        server = MemoryServer(
            site.application, configuration: configuration, services: site.services,
            log: Log(level: .error) { [log] in log.note("\($0) \($1)") })
    }

    private static let page =
        "<p title=\"{{ text }}\">{{ text }}</p>{% firstof text %}{% with other=text %}{{ other }}{% endwith %}"

    @RouteBuilder private static func routes(_ folder: String) -> [Route] {
        path("") { _ in .text("home") }
        path("show/") { try $0.render("show.html", ["text": .string($0.query["q"] ?? "")]) }
        path("page/") { try $0.render($0.query["q"] ?? "", ["name": "page"]) }
        path("redirect/") { .redirect(to: $0.query["q"] ?? "") }
        path("header/") { Response(headers: ["x-echo": $0.query["q"] ?? ""]) }
        path("name/") { Response(headers: [$0.query["q"] ?? "": "x"]) }
        path("download/") { request in
            Response(headers: ["content-disposition": "attachment; filename=\"\(request.query["q"] ?? "")\""])
        }
        path("cookie/") { request in
            var response = Response.text(request.cookies.keys.sorted().joined(separator: " "))
            if let value = request.query["q"] { try response.setCookie(SetCookie("last", value)) }
            return response
        }
        path("media/<str:name>") { request in .file("\(folder)/public/\(try request.urlRoute["name"] as String)") }
        path("served/<path:name>") { request in
            try await .file(try request.urlRoute["name"], in: folder + "/public")
        }
        path("form/") { request in
            let form = try await request.form()
            return .text("\(form.fields.items.count) fields, \(form.files.count) files")
        }
    }

    // MARK: Requests

    /// Returns a request's head with these headers. Adds the site's host unless `fields` has a Host header.
    static func head(_ line: String, _ fields: [String] = []) -> String {
        let host = fields.contains { $0.lowercased().hasPrefix("host:") } ? [] : ["Host: example.com"]
        return ([line + " HTTP/1.1"] + host + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Returns a POST with a valid CSRF cookie and token in its headers.
    static func post(_ type: String, _ body: String, fields: [String] = []) -> String {
        head("POST /form/", good + ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + fields) + body
    }

    /// The headers that a browser needs for a POST: the CSRF cookie and token.
    static let good = ["Cookie: csrftoken=\(secret)", "X-CSRFToken: \(secret)"]

    /// Sends `text` on a new connection and returns the response.
    ///
    /// Checks that the connection closes or stays usable, as the response says, and that no connection or file remains.
    func ask(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async -> HostileAnswer {
        let client = await server.connect()
        await client.send(text)
        await until { client.end != .open || HostileAnswer(client.text) != nil }
        guard let answer = HostileAnswer(client.take()) else {
            Issue.record("No response: \(client.end), \(log.lines)", sourceLocation: sourceLocation)
            return HostileAnswer()
        }
        if answer["connection"] == "close" {
            await until { client.end != .open }
            #expect(client.end == .finished, sourceLocation: sourceLocation)
        } else {
            await client.send(Self.head("GET /"))
            await until { client.end != .open || HostileAnswer(client.text) != nil }
            // To keep the connection, the server discards at most `discardLimit` bytes of an unread chunked body.
            let isPast = text.utf8.count > ServerConfiguration().discardLimit && client.end == .finished
            #expect(HostileAnswer(client.text)?.body == "home" || isPast, sourceLocation: sourceLocation)
        }
        await client.abort()
        await until { server.connectionCount == 0 }
        await until { folder.nameless == 0 }
        #expect(server.connectionCount == 0 && folder.nameless == 0, sourceLocation: sourceLocation)
        let uploads = try? FileManager.default.contentsOfDirectory(atPath: folder.path + "/uploads")
        #expect(uploads == [], sourceLocation: sourceLocation)
        return answer
    }

    /// Waits for a condition that depends on other threads, such as those for disk I/O.
    ///
    /// It keeps a thread busy, so suites that use it are serialized.
    func until(_ condition: () -> Bool) async {
        let deadline = ContinuousClock.now + .seconds(600)
        while !condition(), ContinuousClock.now < deadline {
            await Task.yield()
            await server.clock.idle()
        }
    }
}
