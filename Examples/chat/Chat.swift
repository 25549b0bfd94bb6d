import ExampleLook
public import Strait
import Synchronization

/// What a browser says: `{"type": "say", "text": "Hello"}`, or that somebody is writing.
public enum ChatCommand: Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case say, typing }

    case say(text: String)
    case typing(isTyping: Bool)
}

/// What the browsers in a room are told, beside who is there: that is a `PresenceChange`.
public enum ChatEvent: Codable, Sendable, Equatable {
    /// Told to one who comes in: the name, made tidy, and what was said before.
    case welcome(name: String, lines: [Line])
    case said(Line)
    case typing(name: String, isTyping: Bool)
    /// Told to one alone: why what was sent was not taken.
    case refused(message: String)
}

/// One browser in a room: `/ws/chat/<room>/?name=Ann`.
public final class Chat: JSONConsumer<ChatCommand, ChatEvent> {
    private struct Place {
        let room: String
        let name: String
        let group: Group<ChatEvent>
        let rooms: SharedRooms
    }

    private var place: Place?

    /// Joins first and looks at what was said then. From the join on, all that is said in the room is passed on to the
    /// browser, so nothing can be missed; what is in the welcome too has an id that the browser knows already.
    ///
    /// Is present first and follows then: the first thing that the browser hears of who is here holds itself.
    public override func connect() async throws {
        accept()
        // The browser is told why in a close code of its own: it cannot see with what a handshake was refused.
        guard let room = RoomName(try scope.urlRoute["room"]) else { return close(4000, reason: RoomName.rule) }
        guard let name = PersonName(scope.query["name"] ?? "") else { return close(4000, reason: PersonName.rule) }
        let group = Group<ChatEvent>("chat_\(room.text)")
        // Several may come in at once, before they are counted: some more are told of exactly than may be here.
        let people = Presence<Visitor>(of: group, exactUpTo: Rooms.mostPeople + 100)
        let here = try await presenceList(people)
        guard here.count < Rooms.mostPeople || here.members[name.text] != nil else {
            return close(4000, reason: "This room is full. Choose another one.")
        }
        try await join(group)
        let (services, rooms) = (services, try service(SharedRooms.self))
        let lines = rooms.change { all in
            all.enter(room.text) { Task { await Self.listen(to: group, in: room.text, rooms, services) } }
        }
        place = Place(room: room.text, name: name.text, group: group, rooms: rooms)
        try send(.welcome(name: name.text, lines: lines))
        try await track(people, as: name.text, Visitor(name))
        try await follow(people)
    }

    /// Keeps what is said in other processes, until all who are here have left the room.
    private static func listen(
        to group: Group<ChatEvent>, in room: String, _ rooms: SharedRooms, _ services: Services
    ) async {
        while !Task.isCancelled {
            try? await services.withEvents(of: group) { events in
                for try await case .said(let line) in events { rooms.change { $0.hear(line, in: room) } }
            }
            // The layer is away for a while.
            try? await Task.sleep(for: .seconds(1))
        }
    }

    public override func receive(_ command: ChatCommand) async throws {
        guard let place else { return }
        switch command {
        case .say(let text):
            guard let line = Line(text, by: place.name) else {
                try send(.refused(message: "A message has 1 to \(Line.longest) characters."))
                return
            }
            // Kept before it is told: whoever comes in from here on finds it in the one or the other.
            place.rooms.change { $0.hear(line, in: place.room) }
            try await groupSend(place.group, .said(line))
        case .typing(let isTyping):
            try await groupSend(place.group, .typing(name: place.name, isTyping: isTyping), except: self)
        }
    }

    /// No JSON, or another shape.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.refused(message: error.description))
    }

    /// Who was here is not any more by now, and the others have been told.
    public override func disconnect(_ close: Close) async throws {
        if let place { place.rooms.change { $0.leave(place.room) } }
    }
}

/// The program as an app, for a site to install.
public struct ChatApp: App {
    public init() {}

    public func services(_ settings: Settings) -> [any Service] { [SharedRooms()] }

    @RouteBuilder public var routes: [Route] {
        path("chat/", Lobby(), name: "chat:lobby")
        path(
            "chat/source/",
            Reader(title: "Source", program: "Chat", page: "chat:lobby", files, ending: ".swift"),
            name: "chat:source")
        path(
            "chat/tutorial/",
            Reader(title: "Tutorial", program: "Chat", page: "chat:lobby", files, ending: ".md"),
            name: "chat:tutorial")
        // Last, as rooms cannot be called what the others are.
        path("chat/<slug:room>/", methods: [.get], name: "chat:room") { request in try request.page("chat/room.html") }
        path("ws/chat/<str:room>/", Chat())
    }
}
