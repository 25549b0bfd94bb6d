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
                "Whether to serve /ws/broadcast/<group>/, /ws/json/echo/ and /bench/ too, which are there to be measured.",
                \.isMeasured)
        ]
    }
    var isMeasured = false

    var installedApps: [any App] {
        (isMeasured ? [BenchApp()] : []) + [ShowcaseApp(), LookApp(), EchoApp(), ContactsApp(), ChatApp(), LiveApp()]
    }

    var routes: [Route] {
        // Where the browser scripts of well-known Channels tutorials connect to.
        path("ws/myapp/", Echo.self)
        path("ws/real-time/", Echo.self)
        path("ws/my-websocket/", Contacts.self)

        if isMeasured {
            path("ws/broadcast/<slug:group>/", Broadcast.self)
            path("ws/json/echo/", JSONEcho.self)
        }

        ChannelNameRouter(["thumbnails": JobWorker.self, "resize": JobWorker.self])
    }

    var commands: [any Command.Type] { [GroupSend.self] }
}
