import StraitConsumers
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitTesting
import StraitWebSocket

/// An event of a room.
enum SharedRoomEvent: Codable, Sendable {
    case said(text: String)
}

enum SharedRoomCommand: Codable, Sendable {
    case say(text: String)
}

/// Strait's version of the room `Chat` in `Tests/Peers/django`.
final class SharedRoom: JSONConsumer<SharedRoomCommand, SharedRoomEvent> {
    private var group: Group<SharedRoomEvent>?

    override func connect() async throws {
        let group = Group<SharedRoomEvent>("chat_\(try scope.urlRoute["room"])")
        self.group = group
        try await join(group)
        accept()
    }

    override func receive(_ command: SharedRoomCommand) async throws {
        if case .say(let text) = command { if let group { try await groupSend(group, .said(text: text)) } }
    }
}

/// Strait's version of `EchoChannel`: it sends the client its channel name, and forwards messages of that channel.
final class SharedChannel: JSONConsumer<SharedChannel.Command, [String: String]> {
    struct Command: Decodable, Sendable {
        var to: String
        var message: [String: LayerValue]
    }

    override func connect() async throws {
        for type in ["direct.message", "job.done"] {
            on(type) { socket, message in socket.send(text: String(decoding: try message.json(), as: UTF8.self)) }
        }
        accept()
        try send(["channel_name": channelName])
    }

    override func receive(_ command: Command) async throws {
        try await channelLayer.send(command.to, LayerMessage(command.message.map { ($0.key, $0.value) }))
    }
}

/// Strait's version of `Jobs`: it answers a job on the channel that the job names.
final class SharedJobs: WorkerConsumer {
    override func begin() async throws {
        on("job.run") { worker, message in
            guard let reply = message["reply"]?.string else { return }
            try await worker.getChannelLayer().send(
                reply,
                [
                    "type": "job.done", "id": message["id"] ?? nil, "by": "strait",
                    "channel": .string(worker.scope.channel ?? ""),
                ])
        }
    }
}

enum SharedSite {
    /// An application with rooms, channels and the worker of `strait-jobs`.
    static func application() throws -> any Application {
        try ProtocolTypeRouter(
            webSocket: URLRouter([
                path("ws/chat/<slug:room>/", SharedRoom()), path("ws/echo-channel/", SharedChannel()),
            ]),
            channel: ChannelNameRouter(["strait-jobs": SharedJobs.init]))
    }
}
