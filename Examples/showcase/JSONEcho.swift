import Strait

/// A chat message with two strings and a number, or a typing indicator.
enum ChatMessage: Codable, Sendable {
    case said(name: String, text: String, number: Int)
    case typing(name: String)
}

/// Decodes every message, and returns it encoded: `/ws/json/echo/`. For benchmarks.
final class JSONEcho: JSONConsumer<ChatMessage, ChatMessage> {
    override func receive(_ message: ChatMessage) async throws { try send(message) }
}
