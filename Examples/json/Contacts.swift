import ExampleLook
public import Strait

/// A message from a client: `{"name": "Ada", "age": 36}`.
public struct Contact: Codable, Sendable {
    let name: String
    let age: Int
}

/// A reply: `{"type": "stored", …}` or `{"type": "invalid", …}`.
public enum Answer: Encodable, Sendable {
    case stored(number: Int, contact: Contact, message: String)
    case invalid(field: String?, message: String)
}

/// Counts valid contacts and replies to invalid ones with the error.
public final class Contacts: JSONConsumer<Contact, Answer> {
    private var count = 0

    public override func receive(_ contact: Contact) async throws {
        guard !contact.name.isEmpty else {
            try send(.invalid(field: "name", message: "A contact needs a name."))
            return
        }
        guard (0...150).contains(contact.age) else {
            try send(.invalid(field: "age", message: "An age is a number from 0 to 150."))
            return
        }
        count += 1
        try send(.stored(number: count, contact: contact, message: "\(contact.name) is contact \(count)."))
    }

    /// Reports invalid JSON or an unexpected shape. Without this method, the socket would be closed.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.invalid(field: nil, message: error.description))
    }
}

/// The contacts as an app.
public struct ContactsApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}

    /// The page, its socket, and the pages that show the source and the tutorial.
    @RouteBuilder public var routes: [Route] {
        path("json/", methods: [.get], name: "json:page") { request in try request.page("json/json.html") }
        path("ws/json/", Contacts())
        path(
            "json/source/",
            Reader(title: "Source", program: "JSON", page: "json:page", files, ending: ".swift"),
            name: "json:source")
        path(
            "json/tutorial/",
            Reader(title: "Tutorial", program: "JSON", page: "json:page", files, ending: ".md"),
            name: "json:tutorial")
    }
}
