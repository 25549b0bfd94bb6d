import Foundation
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTemplates
import StraitTesting
import Testing

@testable import StraitWeb

/// A site with all of its middleware, on a server in memory, that does what careless sites do: it puts whatever it is
/// sent wherever it can.
final class HostileSite: Sendable {
    static let secret = "abcdefghijklmnopqrstuvwxyz012345"

    /// What is in files that nobody may see.
    static let hidden = "top secret"

    /// `public` with what may be seen and links out of it, `templates`, `uploads` for temporary files, and `secret.txt`.
    let folder: ScratchFolder
    let server: MemoryServer
    let log = Journal()

    init(_ change: (inout Settings, ScratchFolder) throws -> Void = { _, _ in }) throws {
        folder = try ScratchFolder()
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

    // MARK: Asking

    /// A request with these fields, from its line to the empty one; the host is the site's own unless given.
    static func head(_ line: String, _ fields: [String] = []) -> String {
        let host = fields.contains { $0.lowercased().hasPrefix("host:") } ? [] : ["Host: example.com"]
        return ([line + " HTTP/1.1"] + host + fields).joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// A post with a good token in its header.
    static func post(_ type: String, _ body: String, fields: [String] = []) -> String {
        head("POST /form/", good + ["Content-Type: \(type)", "Content-Length: \(body.utf8.count)"] + fields) + body
    }

    /// What a browser sends that may post.
    static let good = ["Cookie: csrftoken=\(secret)", "X-CSRFToken: \(secret)"]

    /// Sends `text` on a connection of its own, and waits for what comes of it. Then it looks whether the connection can
    /// be used again, or is closed, as the answer said; and that nothing is left behind.
    func ask(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) async -> HostileAnswer {
        let client = await server.connect()
        await client.send(text)
        await until { client.end != .open || HostileAnswer(client.text) != nil }
        guard let answer = HostileAnswer(client.take()) else {
            Issue.record("Nothing came: \(client.end), \(log.lines)", sourceLocation: sourceLocation)
            return HostileAnswer()
        }
        if answer["connection"] == "close" {
            await until { client.end != .open }
            #expect(client.end == .finished, sourceLocation: sourceLocation)
        } else {
            await client.send(Self.head("GET /"))
            await until { client.end != .open || HostileAnswer(client.text) != nil }
            // Of a body in chunks that nobody wants, the server reads so much to keep the connection, and no more.
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

    /// Waits for what other threads do for the server; disks above all. It keeps a thread busy, so that the suites that use
    /// it run a test at a time.
    func until(_ condition: () -> Bool) async {
        let deadline = ContinuousClock.now + .seconds(600)
        while !condition(), ContinuousClock.now < deadline {
            await Task.yield()
            await server.clock.idle()
        }
    }
}
