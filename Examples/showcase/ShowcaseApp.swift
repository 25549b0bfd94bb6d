import ExampleLook
import Strait

/// The index page of the examples.
struct ShowcaseApp: App {
    var routes: [Route] {
        path("", methods: [.get], name: "index") { request in try request.page("showcase/index.html") }
    }
}
