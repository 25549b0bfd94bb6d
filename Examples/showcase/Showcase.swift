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
        path("ws/myapp/", Echo())
        path("ws/real-time/", Echo())
        path("ws/my-websocket/", Contacts())

        if isMeasured {
            path("ws/broadcast/<slug:group>/", Broadcast())
            path("ws/json/echo/", JSONEcho())
        }

        ChannelNameRouter(["thumbnails": JobWorker.init, "resize": JobWorker.init])
    }

    var commands: [any Command.Type] { [GroupSend.self] }
}
