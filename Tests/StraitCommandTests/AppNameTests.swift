import StraitCommandLine
import Testing

@testable import StraitCommand

@Suite struct AppNameTests {
    @Test(arguments: [
        ("chat", "Chat", "chat"), ("Chat", "Chat", "chat"), ("my_chat", "MyChat", "mychat"),
        ("ChatApp", "Chat", "chat"), ("chat_app", "Chat", "chat"), ("b2", "B2", "b2"),
        ("HTTPLog", "HTTPLog", "httplog"),
    ])
    func `module, app and label are made from the name`(name: String, module: String, label: String) throws {
        let app = try AppName(name)
        #expect(app.module == module && app.label == label)
        #expect(app.app == module + "App" && app.consumer == module + "Consumer" && app.tests == module + "Tests")
    }

    @Test(arguments: ["", "2fast", "my-chat", "a/b", "../a", "café", "_"])
    func `what is no identifier is refused`(name: String) {
        let message =
            "'\(name)' cannot be an app's name. Give one of ASCII letters, digits and underscores that begins with a letter."
        #expect(throws: UsageError(message)) { try AppName(name) }
    }

    @Test(arguments: [
        ("class", "'class' is a keyword of Swift. Give the app another name."),
        ("strait", "'strait' would be mistaken for something else. Give the app another name."),
        ("app", "'app' would be mistaken for something else. Give the app another name."),
        ("tests", "'tests' would be mistaken for something else. Give the app another name."),
        (
            "testing",
            "There is a module 'Testing' already, which the project could not import then. Give the app another name."
        ),
        (
            "strait_web_app",
            "There is a module 'StraitWeb' already, which the project could not import then. Give the app another name."
        ),
        ("type", "'Type' is a keyword of Swift. Give the app another name."),
    ])
    func `a name that means something else is refused`(name: String, message: String) {
        #expect(throws: UsageError(message)) { try AppName(name) }
    }
}
