import ExampleLook
public import Strait
import Synchronization

/// A message from a browser: `{"type": "say", "text": "Hello"}`, or a typing indicator.
public enum ChatCommand: Codable, Sendable {
    enum CodingKeys: String, CodingKey, CaseIterable { case say, typing }

    case say(text: String)
    case typing(isTyping: Bool)
}

/// A message to the browsers in a room. Presence is sent separately, as a `PresenceChange`.
public enum ChatEvent: Codable, Sendable, Equatable {
    /// Sent to a new member: the normalized name and the earlier lines.
    case welcome(name: String, lines: [Line])
    case said(Line)
    case typing(name: String, isTyping: Bool)
    /// Sent to one browser: why its message was refused.
    case refused(message: String)
}

/// One browser in a room: `/ws/chat/<room>/?name=Ann`.
public final class Chat: JSONConsumer<ChatCommand, ChatEvent> {
    private struct Place {
        let room: String
        let name: ChatName
        let group: Group<ChatEvent>
        let rooms: SharedRooms
    }

    private var place: Place?

    /// Joins the group before it reads the earlier lines, so that the browser misses no line. A line may then arrive
    /// twice; the browser recognizes it by its ID.
    ///
    /// Tracks itself before it follows, so that the first presence state includes this browser.
    public override func connect() async throws {
        accept()
        // A browser cannot see why a handshake was refused, so refusals use a close code with a reason.
        guard let room = RoomName(try scope.urlRoute["room"]) else { return close(4000, reason: RoomName.rule) }
        let name: ChatName
        do { name = try await ChatName.of(scope) } catch let error as ChatNameError {
            return close(4000, reason: error.description)
        }
        let group = Group<ChatEvent>("chat_\(room.text)")
        // Several browsers may join before they are counted, so the exact limit is above the room's limit.
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
        place = Place(room: room.text, name: name, group: group, rooms: rooms)
        try send(.welcome(name: name.text, lines: lines))
        try await track(people, as: name.text, Visitor(name))
        try await follow(people)
    }

    /// Stores the lines of other processes until this process has no browser in the room.
    private static func listen(
        to group: Group<ChatEvent>, in room: String, _ rooms: SharedRooms, _ services: Services
    ) async {
        while !Task.isCancelled {
            try? await services.withEvents(of: group) { events in
                for try await case .said(let line) in events { rooms.change { $0.hear(line, in: room) } }
            }
            // The layer is unavailable: retry.
            try? await Task.sleep(for: .seconds(1))
        }
    }

    public override func receive(_ command: ChatCommand) async throws {
        guard let place else { return }
        switch command {
        case .say(let text):
            guard let line = Line(text, by: place.name.text, isUser: place.name.isUser) else {
                try send(.refused(message: "A message has 1 to \(Line.longest) characters."))
                return
            }
            // Stored before it is sent, so that a new member receives it one way or the other.
            place.rooms.change { $0.hear(line, in: place.room) }
            try await groupSend(place.group, .said(line))
        case .typing(let isTyping):
            try await groupSend(place.group, .typing(name: place.name.text, isTyping: isTyping), except: self)
        }
    }

    /// Reports invalid JSON or an unexpected shape.
    public override func receiveInvalid(_ error: JSONMessageError) async throws {
        try send(.refused(message: error.description))
    }

    /// Leaves the room. Presence has already been removed, and the other members know.
    public override func disconnect(_ close: Close) async throws {
        if let place { place.rooms.change { $0.leave(place.room) } }
    }
}

/// The chat as an app.
public struct ChatApp: App {
    /// Creates the app, for a site's `installedApps`.
    public init() {}

    /// Creates the list of rooms, which all connections share.
    public func services(_ settings: Settings) -> [any Service] { [SharedRooms()] }

    /// The lobby, the rooms with their sockets, and the pages that show the source and the tutorial.
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
        // Last, because it also matches the paths above.
        path("chat/<slug:room>/", methods: [.get], name: "chat:room") { request in try request.page("chat/room.html") }
        path("ws/chat/<str:room>/", Chat())
    }
}
