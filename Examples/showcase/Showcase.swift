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
                \.isMeasured)
        ]
    }
    var isMeasured = false

    var installedApps: [any App] {
        (isMeasured ? [BenchApp()] : []) + [ShowcaseApp(), LookApp(), EchoApp(), ContactsApp(), ChatApp(), LiveApp()]
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

    var commands: [any Command.Type] { [GroupSend.self] }
}
