import StraitConsumers
import StraitLayers
import StraitTesting
import StraitWebSocket
import Testing

/// The events of the tests' rooms.
enum RoomEvent: Codable, Sendable, Hashable {
    case said(text: String)
}

/// A socket in the group `room` that sends what its client sends.
final class RoomSocket: WebSocketConsumer {
    static let room = Group<RoomEvent>("room")
    static let raw = Group<Message>("raw")

    override func connect() async throws {
        try await join(Self.room)
        try await join(Self.raw)
        on("direct.message") { socket, message in socket.send(text: "direct \(message["text"]?.string ?? "")") }
        accept()
        send(text: try channelName)
    }

    override func receive(_ message: Message) async throws {
        guard let text = message.text else { return try await groupSend(Self.raw, message) }
        if text == "leave" {
            try await leave(Self.room)
            send(text: "left")
        } else if text.hasPrefix("others:") {
            try await groupSend(Self.room, .said(text: text), except: self)
        } else if text.hasPrefix("raw others:") {
            try await groupSend(Self.raw, message, except: self)
        } else if text.hasPrefix("raw:") {
            try await groupSend(Self.raw, message)
        } else {
            try await groupSend(Self.room, .said(text: text))
        }
    }
}

/// A client of a ``RoomSocket``.
struct RoomPeer {
    let socket: WebSocketCommunicator
    /// The socket's own channel.
    let channel: String

    /// Opens a socket on `layer`.
    init(_ layer: any ChannelLayer) async throws {
        socket = WebSocketCommunicator(RoomSocket(), services: ["default": layer] as ChannelLayers)
        try #require(await socket.connect().isAccepted)
        channel = try await socket.receiveText()
    }

    func say(_ text: String) async throws { try await socket.send(text: text) }

    /// Whether the next received message is `text`.
    func hears(_ text: String) async throws -> Bool { try await heard() == text }

    /// The next received message. For a `said` event, this is its text alone.
    func heard() async throws -> String {
        let text = try await socket.receiveText()
        let frame = #"{"type":"said","text":""#
        return text.hasPrefix(frame) ? String(text.dropFirst(frame.count).dropLast(2)) : text
    }
}
