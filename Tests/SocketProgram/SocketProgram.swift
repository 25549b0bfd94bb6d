import StraitSockets

/// A chat that needs no site: every message goes to every socket.
final class Chat: WebSocketConsumer {
    let room = Group<Event>("room")

    override func connect() async throws {
        try await join(room)
        accept()
    }

    override func receive(_ message: Message) async throws {
        try await groupSend(room, .line(text: message.text ?? ""))
    }
}

enum Event: Codable, Sendable {
    case line(text: String)
}

@main enum SocketProgram {
    static func main() async throws {
        let routes = try URLRouter {
            path("") { _ in .text("A chat without a site.") }
            path("ws/chat/", Chat())
        }
        try await Server(application: routes, loops: 1).run(at: .internet(host: "127.0.0.1", port: 0))
    }
}
