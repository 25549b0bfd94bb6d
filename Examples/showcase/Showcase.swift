import ExampleChat
import ExampleEcho
import ExampleJSON
import ExampleLive
import ExampleLook
import Strait

/// All example programs on one site.
@main struct Showcase: Site {
    static var options: [CommandOption<Showcase>] {
        [
            .flag(
                "--bench",
                "Whether to also serve the benchmark paths /ws/broadcast/<group>/, /ws/json/echo/ and /bench/.",
                \.isMeasured),
            .flag(
                "--accounts",
                "Whether visitors can sign up. The users are in a database: run migrate --accounts first.",
                \.hasAccounts),
        ]
    }
    var isMeasured = false
    var hasAccounts = false

    var installedApps: [any App] {
        (isMeasured ? [BenchApp()] : []) + [ShowcaseApp(), LookApp(), EchoApp(), ContactsApp(), ChatApp(), LiveApp()]
            + (hasAccounts ? [ContentTypesApp(), AuthApp(), SessionsApp(), AccountsApp(signup: true)] : [])
    }

    var middleware: MiddlewareList { hasAccounts ? .accounts : .standard }

    var settings: Settings {
        var settings = Settings()
        guard hasAccounts else { return settings }
        settings.databaseURL = "sqlite:///.build/showcase.sqlite3"
        settings.loginRedirectURL = "index"
        settings.logoutRedirectURL = "index"
        settings.emailBackend = "console"
        return settings
    }

    var routes: [Route] {
        // The paths used by the browser scripts of well-known Channels tutorials.
        path("ws/myapp/", Echo())
        path("ws/real-time/", Echo())
        path("ws/my-websocket/", Contacts())

        if isMeasured {
            path("ws/broadcast/<slug:group>/", Broadcast())
            path("ws/json/echo/", JSONEcho())
        }

        ChannelNameRouter(["thumbnails": JobWorker.init, "resize": JobWorker.init])
    }

    /// The commands are found before the options are read, so those for users are always there.
    var commands: [any Command.Type] { [GroupSend.self] + (hasAccounts ? [] : AuthApp().commands) }
}
