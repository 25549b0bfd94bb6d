import Foundation
import Strait
import StraitTesting
import Testing

private struct Room: Encodable {
    var name: String
    var people: [String]
    var opened: Date
    var limit: Int?
}

private struct RoomPage: Encodable {
    var room: Room
    var title: String
}

private final class Enter: Form {
    let room = CharField()
}

private struct BadValue: Encodable {
    func encode(to encoder: any Encoder) throws {
        throw EncodingError.invalidValue(1, .init(codingPath: [], debugDescription: "no"))
    }
}

private struct CartApp: App {
    var contextProcessors: [ContextProcessor] {
        [ContextProcessor { request in ["cart": .string(request.cookies["cart"] ?? "empty"), "who": "app"] }]
    }
}

private struct RenderSite: Site {
    var installedApps: [any App] { [CartApp()] }
    var contextProcessors: [ContextProcessor] {
        [
            .settings("SITE_NAME", "SECRET_KEY"), .settings("DEBUG", "STATIC_URL"),
            ContextProcessor { _ in ["who": "site"] },
        ]
    }

    private static let room = Room(
        name: "Tea & co", people: ["Ann", "Ben"], opened: Date(timeIntervalSince1970: 1_700_000_000), limit: nil)

    var routes: [Route] {
        path("any/") { request in
            try request.render("room.html", ["room": Self.room, "title": "A room", "form": Enter()], status: .created)
        }
        path("with/") { request in
            try request.render("room.html", with: RoomPage(room: Self.room, title: "A page"))
        }
        path("number/") { request in try request.render("room.html", with: 3) }
        path("bad/") { request in try request.render("room.html", ["room": BadValue()]) }
        path("all/") { request in try request.render("all.html") }
        path("own/") { request in try request.render("all.html", ["who": "view"]) }
    }
}

@Suite struct Rendering {
    private static let templates = [
        "room.html":
            """
        {{ title }}: {{ room.name }}, {{ room.people|join:' and ' }}, \
        {{ room.opened|date:'Y' }}, {{ room.limit }}{{ form.room }}
        """,
        "all.html":
            """
        {{ cart }} {{ who }} {{ settings.SITE_NAME }} {{ settings.DEBUG }} {{ settings.STATIC_URL }}\
        {{ settings.SECRET_KEY }}
        """,
    ]

    private func withSite(_ body: (TestSite) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "strait-render-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        for (name, text) in Self.templates {
            try text.write(to: folder.appending(path: name), atomically: true, encoding: .utf8)
        }
        try await TestSite(
            RenderSite(), settings: { $0.templateFolders = [folder.path] }, log: Log(level: .critical), body)
    }

    @Test func `a page is rendered from Encodable values and forms`() async throws {
        try await withSite { site in
            let page = try await site.client.get("/any/")
            #expect(page.status == .created)
            #expect(
                page.text
                    == #"""
                    A room: Tea &amp; co, Ann and Ben, 2023, None<input type="text" name="room" required \#
                    id="id_room">
                    """#
            )
        }
    }

    @Test func `a page is rendered from the properties of a struct`() async throws {
        try await withSite { site in
            let page = try await site.client.get("/with/")
            #expect(page.text == "A page: Tea &amp; co, Ann and Ben, 2023, None")
        }
    }

    @Test(arguments: ["/number/", "/bad/"])
    func `a context without named values, or one that cannot be encoded, is an error`(path: String) async throws {
        try await withSite { site in
            let page = try await site.client.get(path)
            #expect(page.status == .internalServerError)
        }
    }

    @Test func `every template gets the context of the apps, the site and the named settings`() async throws {
        try await withSite { site in
            let page = try await site.client.get("/all/", headers: ["cookie": "cart=tea"])
            #expect(page.text == "tea site  False /static/")
            let own = try await site.client.get("/own/")
            #expect(own.text == "empty view  False /static/")
        }
    }
}
