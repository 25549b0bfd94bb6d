import StraitCommandLine
import Testing

@testable import StraitCommand

@Suite struct AppNameTests {
    @Test(arguments: [
        ("chat", "Chat", "chat"), ("Chat", "Chat", "chat"), ("my_chat", "MyChat", "mychat"),
        ("ChatApp", "Chat", "chat"), ("chat_app", "Chat", "chat"), ("b2", "B2", "b2"),
        ("HTTPLog", "HTTPLog", "httplog"),
    ])
    func `the module, app and label are named after the app`(name: String, module: String, label: String) throws {
        let app = try AppName(name)
        #expect(app.module == module && app.label == label)
        #expect(app.app == module + "App" && app.consumer == module + "Consumer" && app.tests == module + "Tests")
    }

    @Test(arguments: ["", "2fast", "my-chat", "a/b", "../a", "café", "_"])
    func `a name that is not an identifier is rejected`(name: String) {
        let message = """
            '\(name)' cannot be an app's name. Give one of ASCII letters, digits and underscores that begins with a \
            letter.
            """
        #expect(throws: UsageError(message)) { try AppName(name) }
    }

    @Test(arguments: [
        ("class", "'class' is a keyword of Swift. Give the app another name."),
        ("strait", "The name 'strait' is reserved. Give the app another name."),
        ("app", "The name 'app' is reserved. Give the app another name."),
        ("tests", "The name 'tests' is reserved. Give the app another name."),
        (
            "testing",
            "The name 'Testing' conflicts with an existing module. Give the app another name."
        ),
        (
            "strait_web_app",
            "The name 'StraitWeb' conflicts with an existing module. Give the app another name."
        ),
        ("type", "'Type' is a keyword of Swift. Give the app another name."),
    ])
    func `a keyword, a reserved name or an existing module's name is rejected`(name: String, message: String) {
        #expect(throws: UsageError(message)) { try AppName(name) }
    }
}
