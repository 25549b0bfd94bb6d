import ExampleLook
public import Strait

/// What a client sends: `{"name": "Ada", "age": 36}`.
public struct Contact: Codable, Sendable {
    let name: String
    let age: Int
}

/// What it is answered.
public struct Answer: Codable, Sendable {
    var type: String
    var number: Int?
    var contact: Contact?
    var field: String?
    var message: String
}

/// Takes contacts down, and says what is wrong with those that it does not take.
public final class Contacts: JSONConsumer<Contact, Answer> {
    private var count = 0

    public override func receive(_ contact: Contact) async {
        guard !contact.name.isEmpty else { return refuse("name", "A contact needs a name.") }
        guard (0...150).contains(contact.age) else { return refuse("age", "An age is a number from 0 to 150.") }
        count += 1
        send(
            Answer(
                type: "stored", number: count, contact: contact,
                message: "\(contact.name), \(contact.age), is contact \(count)."))
    }

    private func refuse(_ field: String, _ message: String) {
        send(Answer(type: "invalid", field: field, message: message))
    }
}

/// The program's page and its socket, for a site to include among its routes.
public enum ContactsApp {
    @RouteBuilder public static var routes: [Route] {
        path("json/", Look.page(PackageResources.json_html))
        path("ws/json/", Contacts.self)
        path(
            "json/source/",
            Look.reader(
                title: "Source", program: "JSON", path: "Examples/json/Contacts.swift",
                PackageResources.Contacts_swift_txt))
    }
}
