/// A message that carries its own type: a Swift struct here, to Channels a dictionary whose `type` names the handler.
///
/// ```swift
/// struct ChatMessage: ChannelMessage {
///     static let type = "chat.message"
///     var text: String
/// }
/// // {"type": "chat.message", "text": "hi"}
/// ```
///
/// An enum needs no such conformance: the name of its case is the type.
public protocol ChannelMessage: Codable, Sendable {
    /// What the dictionary has under `type`: `chat.message`. It must neither be empty nor begin with a period or an
    /// underscore.
    static var type: String { get }
}
