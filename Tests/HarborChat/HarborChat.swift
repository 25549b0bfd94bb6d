import Strait

/// A room for users who are logged in.
final class Room: WebSocketConsumer {
    private let room = Group<Message>("harbor")
    private var name = ""

    override func connect() async throws {
        name = try await scope.user.username
        try await join(room)
        accept()
        send(text: "You are \(name).")
    }

    override func receive(_ message: Message) async throws {
        guard let text = message.text else { return }
        try await groupSend(room, .text("\(name): \(text)"))
    }
}

@main struct HarborChat: Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp()] }
    var middleware: MiddlewareList { .accounts }
    var settings: Settings {
        var settings = Settings()
        settings.loginURL = "/admin/login/"
        return settings
    }
    var routes: [Route] {
        path("") { request in .text("Hello, \(try await request.user)!") }
        path("chat/", loginRequired { _ in .html(page) })
        path("ws/chat/", loginRequired(Room()))
    }
}

private let page = """
    <!doctype html>
    <title>Harbor</title>
    <pre></pre>
    <form><input autofocus> <button>Send</button></form>
    <script>
    const socket = new WebSocket(`ws://${location.host}/ws/chat/`);
    const [lines, form, input] = ["pre", "form", "input"].map((name) => document.querySelector(name));
    socket.onmessage = ({ data }) => lines.append(data, "\\n");
    socket.onclose = ({ reason }) => lines.append(reason || "closed", "\\n");
    form.onsubmit = () => { socket.send(input.value); input.value = ""; return false; };
    </script>
    """
