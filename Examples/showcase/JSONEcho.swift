import Strait

/// A message of a chat, with two labels and a number.
enum ChatMessage: Codable, Sendable {
    case said(name: String, text: String, number: Int)
    case typing(name: String)
}

/// Sends every message back, decoded and encoded: `/ws/json/echo/`. For measuring.
final class JSONEcho: JSONConsumer<ChatMessage, ChatMessage> {
    override func receive(_ message: ChatMessage) async throws { try send(message) }
}
