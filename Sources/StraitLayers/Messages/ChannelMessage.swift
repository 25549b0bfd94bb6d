/// A message type that defines its own type name. In Swift it is a struct; for Channels it is a dictionary whose `type`
/// names the handler.
///
/// ```swift
/// struct ChatMessage: ChannelMessage {
///     static let type = "chat.message"
///     var text: String
/// }
/// // {"type": "chat.message", "text": "hi"}
/// ```
///
/// Enums do not need this conformance: the case name is the type.
public protocol ChannelMessage: Codable, Sendable {
    /// The value of the dictionary's `type`, such as `chat.message`. It must not be empty or begin with a period or an
    /// underscore.
    static var type: String { get }
}
