import Strait

/// Passes every message on to all of its group, itself included, as it came: `/ws/broadcast/<group>/`. For measuring.
final class Broadcast: WebSocketConsumer {
    private var group = Group<Message>("")

    override func connect() async throws {
        group = Group("broadcast_\(try scope.urlRoute["group"] as String)")
        try await join(group)
        accept()
    }

    override func receive(_ message: Message) async throws {
        try await groupSend(group, message)
    }
}
