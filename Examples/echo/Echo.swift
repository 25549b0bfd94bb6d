import ExampleLook
public import Strait

/// Sends back whatever it is sent, text or binary.
public final class Echo: WebSocketConsumer {
    public override func receive(_ message: Message) async { send(message) }
}

/// The program as an app, for a site to install.
public struct EchoApp: App {
    public init() {}

    @RouteBuilder public var routes: [Route] {
        path("echo/", Look.page(PackageResources.echo_html))
        path("ws/echo/", Echo.self)
        path(
            "echo/source/",
            Look.reader(
                title: "Source", program: "Echo", path: "Examples/echo/Echo.swift", PackageResources.Echo_swift_txt))
        path(
            "echo/tutorial/",
            Look.reader(
                title: "Tutorial", program: "Echo", path: "Documentation/Tutorials/Echo.md",
                PackageResources.Tutorial_md))
    }
}
