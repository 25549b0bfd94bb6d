import ExampleLook
public import Strait

/// Returns every message, text or binary.
public final class Echo: WebSocketConsumer {
    public override func receive(_ message: Message) async { send(message) }
}

/// The echo as an app.
public struct EchoApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}

    /// The page, its socket, and the pages that show the source and the tutorial.
    @RouteBuilder public var routes: [Route] {
        path("echo/", methods: [.get], name: "echo:page") { request in try request.page("echo/echo.html") }
        path("ws/echo/", Echo())
        path(
            "echo/source/",
            Reader(title: "Source", program: "Echo", page: "echo:page", files, ending: ".swift"),
            name: "echo:source")
        path(
            "echo/tutorial/",
            Reader(title: "Tutorial", program: "Echo", page: "echo:page", files, ending: ".md"),
            name: "echo:tutorial")
    }
}
