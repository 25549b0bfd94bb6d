import Strait
import StraitTesting
import Testing

/// A site with the account pages and pages for some users only.
struct PageSite: Site {
    var installedApps: [any App] {
        [ContentTypesApp(), AuthApp.fast, SessionsApp(), AccountsApp(signup: true), OwnTemplates()]
    }
    var middleware: MiddlewareList { .accounts }
    var settings: Settings {
        var settings = Settings()
        settings.loginRedirectURL = "home"
        return settings
    }
    var routes: [Route] {
        get throws {
            path("", name: "home") { request in try request.render("home.html") }
            path("mine/", loginRequired { request in .text("mine of \(try await request.user)") })
            path("view/", loginRequired(MineView()))
            path("add/", permissionRequired("sessions.add_session") { _ in .text("added") })
            path(
                "forbidden/", permissionRequired("sessions.add_session", raisesException: true) { _ in .text("added") })
            path("staff/", userPassesTest({ $0.isStaff }, MineView()))
            path("part/", loginRequired(try URLRouter { path("inner/") { _ in .text("inner") } }))
            path("ws/", loginRequired(DoorConsumer()))
            path("ws/after/", loginRequired(DoorConsumer(), sockets: .afterAccept))
        }
    }
}

struct MineView: GetView {
    func get(_ request: Request) async throws -> Response { .text("view of \(try await request.user)") }
}

struct OwnTemplates: App {
    var templates: [any TemplateLoader] {
        [
            EmbeddedLoader([
                "home.html": """
                {{ user.username }}|{{ user.is_authenticated }}|{{ user }}|\
                {% if perms.sessions.add_session %}add{% endif %}\
                {% if perms.sessions %}any{% endif %}|{{ user.password }}
                """
            ])
        ]
    }
}

func withPages(
    settings: (inout Settings) -> Void = { _ in }, _ body: (TestSite, Database) async throws -> Void
) async throws {
    try await TestSite(PageSite(), settings: settings) { site in try await body(site, try site.database) }
}

extension TestClient {
    func logIn(_ name: String, _ password: String = "s3cret", next: String = "") async throws -> HTTPResponse {
        try await post("/accounts/login/", form: ["username": name, "password": password, "next": next])
    }
}
