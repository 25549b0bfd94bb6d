import Strait

/// A chat message with two texts and a number, or a typing notice.
enum ChatMessage: Codable, Sendable {
    case said(name: String, text: String, number: Int)
    case typing(name: String)
}

/// Decodes every message, and returns it encoded: `/ws/json/echo/`. For benchmarks.
final class JSONEcho: JSONConsumer<ChatMessage, ChatMessage> {
    override func receive(_ message: ChatMessage) async throws { try send(message) }
}
