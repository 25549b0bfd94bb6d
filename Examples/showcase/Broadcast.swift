import Strait

/// Sends every message unchanged to all members of its group, including itself: `/ws/broadcast/<group>/`.
///
/// For benchmarks.
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
