import ExampleLook
public import Strait
import Synchronization

/// What a browser says: `{"type": "say", "text": "Hello"}`, or that somebody is writing.
public enum ChatCommand: Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case say, typing }

    case say(text: String)
    case typing(isTyping: Bool)
}

/// What the browsers in a room are told.
///
/// What changes a room has a number, which counts up. A browser that comes in is told the room as it is, `welcome`; what
/// has a number up to that one's is in it already.
public enum ChatEvent: Codable, Sendable, Equatable {
    case welcome(number: Int, name: String, here: [String], lines: [Line])
    case joined(number: Int, name: String)
    case left(number: Int, name: String)
    case said(Line)
    case typing(name: String, isTyping: Bool)
    /// Told to one alone: why what was sent was not taken.
    case refused(message: String)
}

/// One browser in a room: `/ws/chat/<room>/?name=Ann`.
public final class Chat: JSONConsumer<ChatCommand, ChatEvent> {
    private var room = ""
    private var name = ""
    private var group: Group<ChatEvent>?

    /// Joins first and looks at the room then. From the join on, all that happens in the room is passed on to the
    /// browser, so nothing can be missed. What was passed on before the welcome is in it, as the room is changed first and
    /// the group told after; what follows has a higher number, or is in it too, and the browser can tell.
    public override func connect() async throws {
        accept()
        // The browser is told why in a close code of its own: it cannot see with what a handshake was refused.
        guard let room = RoomName(try scope.urlRoute["room"]) else { return close(4000, reason: RoomName.rule) }
        guard let name = PersonName(scope.query["name"] ?? "") else { return close(4000, reason: PersonName.rule) }
        let group = Group<ChatEvent>("chat_\(room.text)")
        try await join(group)
        guard let entry = Rooms.shared.withLock({ $0.enter(room.text, name.text) }) else {
            return close(4000, reason: "This room is full. Choose another one.")
        }
        (self.room, self.name, self.group) = (room.text, name.text, group)
        try send(entry.welcome)
        if let joined = entry.joined { try await group.send(joined) }
    }

    public override func receive(_ command: ChatCommand) async throws {
        guard let group else { return }
        switch command {
        case .say(let text):
            guard let line = Rooms.shared.withLock({ $0.say(text, in: room, by: name) }) else {
                try send(.refused(message: "A message has 1 to \(Line.longest) characters."))
                return
            }
            try await group.send(.said(line))
        case .typing(let isTyping):
            try await group.send(.typing(name: name, isTyping: isTyping), except: self)
        }
    }

    /// No JSON, or another shape.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.refused(message: error.description))
    }

    public override func disconnect(_ close: Close) async throws {
        guard let group, let left = Rooms.shared.withLock({ $0.leave(room, name) }) else { return }
        try await group.send(left)
    }
}

/// The program's pages and its socket, for a site to include among its routes.
public enum ChatApp {
    @RouteBuilder public static var routes: [Route] {
        path("chat/", Look.page(PackageResources.lobby_html))
        path("chat/chat.css", Look.style(PackageResources.chat_css))
        path(
            "chat/source/",
            Look.reader(
                title: "Source", program: "Chat",
                [
                    ("Examples/chat/Chat.swift", PackageResources.Chat_swift_txt),
                    ("Examples/chat/Rooms.swift", PackageResources.Rooms_swift_txt),
                    ("Examples/chat/Line.swift", PackageResources.Line_swift_txt),
                    ("Examples/chat/RoomName.swift", PackageResources.RoomName_swift_txt),
                    ("Examples/chat/PersonName.swift", PackageResources.PersonName_swift_txt),
                ]))
        path(
            "chat/tutorial/",
            Look.reader(
                title: "Tutorial", program: "Chat", path: "Documentation/Tutorials/Chat.md",
                PackageResources.Tutorial_md))
        // Last, as rooms cannot be called what the others are.
        path("chat/<slug:room>/", Look.page(PackageResources.room_html))
        path("ws/chat/<str:room>/", Chat.self)
    }
}
