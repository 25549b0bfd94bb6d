import Foundation
import Strait

/// The pages of the benchmark of sessions and users (`scripts/bench-accounts`). Django and Channels serve the same.
@main struct AccountPages: Site {
    var installedApps: [any App] { [ContentTypesApp(), AuthApp(), SessionsApp(), PagesApp()] }
    var middleware: MiddlewareList { .accounts }
}

struct PagesApp: App {
    var routes: [Route] {
        path("me/") { request in
            let user = try await request.user
            guard let user = user.as(User.self) else { return .text("Log in first.\n", status: .forbidden) }
            return try .json(["id": "\(user.keyText)", "username": user.username])
        }
        path("login/") { request in
            let login = try await request.authenticate(username: "ann", password: "s3cret")
            guard let login else { return .text("wrong\n", status: .forbidden) }
            try await request.login(login)
            return .text("welcome\n")
        }
        path("ws/me/", Greeter())
        path("ws/room/", Room())
    }
}

/// Accepts logged-in users only.
final class Greeter: WebSocketConsumer {
    override func connect() async throws {
        if try await scope.user.isAuthenticated { accept() } else { close() }
    }
}

/// Sends each message to all sockets of a group.
final class Room: WebSocketConsumer {
    private let room = Group<Message>("room")

    override func connect() async throws {
        try await join(room)
        accept()
    }

    override func receive(_ message: Message) async throws {
        try await groupSend(room, message)
    }
}
