import ExampleEcho
import ExampleJSON
import ExampleLook
import Strait

/// All example programs on one site.
@main struct Showcase: Site {
    var routes: [Route] {
        path("", Look.page(PackageResources.index_html))
        Look.routes
        EchoApp.routes
        ContactsApp.routes

        // Where the browser scripts of well-known Channels tutorials connect to.
        path("ws/myapp/", Echo.self)
        path("ws/real-time/", Echo.self)
        path("ws/my-websocket/", Contacts.self)
    }
}
