import Foundation
import Strait
import StraitTesting
import Synchronization
import Testing

@testable import ExampleChat

/// An event as a browser in a room decodes it.
private struct Told: Decodable {
    let type: String
    var name: String?
    var text: String?
    var message: String?
    var isTyping: Bool?
    var id: String?
    var lines: [Line]?
    var count: Int?
    var members: [String: Visitor]?
    var joins: [String: Visitor]?
    var leaves: [String: Visitor]?
    var updates: [String: Visitor]?

    init(_ text: String) throws {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .iso8601
        self = try decoder.decode(Told.self, from: Data(text.utf8))
    }
}

/// A browser's view of a room, built by the same rules as in the page's script.
private struct RoomView {
    private(set) var lines: [(id: String, text: String)] = []
    private(set) var here: Set<String> = []

    mutating func apply(_ told: Told) {
        for line in told.lines ?? [] { show(line.id, line.text) }
        if told.type == "said", let id = told.id, let text = told.text { show(id, text) }
        if let members = told.members { here = Set(members.keys) }
        here.subtract((told.leaves ?? [:]).keys)
        here.formUnion((told.joins ?? [:]).keys)
    }

    private mutating func show(_ id: String, _ text: String) {
        if !lines.contains(where: { $0.id == id }) { lines.append((id, text)) }
    }
}

@Suite struct ChatTests {
    private let application: any Application
    private let layers = ChannelLayers()
    private let rooms = SharedRooms()
    private let services: Services
    /// A room name that is unique to each test.
    private let room = "room-\(UUID().uuidString)"

    init() throws {
        application = try URLRouter(ChatApp().routes)
        services = try Services([layers, rooms])
    }

    private func socket(_ name: String, in room: String? = nil) -> WebSocketCommunicator {
        WebSocketCommunicator(application, "/ws/chat/\(room ?? self.room)/?name=\(name)", services: services)
    }

    private func receive(_ socket: WebSocketCommunicator) async throws -> Told { try Told(await socket.receiveText()) }

    /// Enters the room and returns the first two events: the welcome with earlier lines, and the people present.
    private func enter(_ name: String) async throws -> (socket: WebSocketCommunicator, welcome: Told, state: Told) {
        let socket = socket(name)
        #expect(try await socket.connect().isAccepted)
        return (socket, try await receive(socket), try await receive(socket))
    }

    /// Enters the room and discards the first two events.
    private func join(_ name: String) async throws -> WebSocketCommunicator { try await enter(name).socket }

    /// Applies events to `view` until a line says `text`.
    private func see(_ socket: WebSocketCommunicator, in view: inout RoomView, until text: String) async throws {
        while !view.lines.contains(where: { $0.text == text }) { view.apply(try await receive(socket)) }
    }

    @Test func `a visitor receives earlier lines and the people present, and the others see the visitor join`()
        async throws
    {
        let ann = try await join("Ann")
        try await ann.send(json: ChatCommand.say(text: "Hello"))
        #expect(try await receive(ann).text == "Hello")
        let (_, welcome, state) = try await enter("Bob")
        #expect(welcome.type == "welcome" && welcome.name == "Bob" && welcome.lines?.map(\.text) == ["Hello"])
        #expect(state.type == "presence.state" && state.members?.keys.sorted() == ["Ann", "Bob"])
        let joined = try await receive(ann)
        #expect(joined.type == "presence.diff" && joined.joins?.keys.sorted() == ["Bob"] && joined.count == 2)
    }

    @Test func `a line reaches everyone in the room, including its sender`() async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await receive(ann)
        try await bob.send(json: ChatCommand.say(text: "<b>hi</b>"))
        let said = try await receive(ann)
        #expect(said.type == "said" && said.name == "Bob" && said.text == "<b>hi</b>")
        #expect(try await receive(bob).id == said.id)
    }

    @Test func `the others see that a visitor is typing`() async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await receive(ann)
        try await bob.send(json: ChatCommand.typing(isTyping: true))
        try await bob.send(json: ChatCommand.typing(isTyping: false))
        try await bob.send(json: ChatCommand.say(text: "Done"))
        #expect(try await ann.receiveJSON() == ChatEvent.typing(name: "Bob", isTyping: true))
        #expect(try await ann.receiveJSON() == ChatEvent.typing(name: "Bob", isTyping: false))
        #expect(try await receive(bob).type == "said")
    }

    @Test(arguments: [true, false])
    func `the others see a visitor leave, even if the connection is lost`(isLost: Bool) async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await receive(ann)
        if isLost { try await bob.abort() } else { try await bob.disconnect() }
        #expect(try await receive(ann).leaves?.keys.sorted() == ["Bob"])
    }

    @Test func `the others do not see a visitor's second window open or close`() async throws {
        let ann = try await join("Ann")
        let first = try await join("Bob")
        _ = try await receive(ann)
        let second = try await join("Bob")
        try await first.disconnect()
        #expect(try await ann.receiveNothing())
        try await second.disconnect()
        #expect(try await receive(ann).leaves?.keys.sorted() == ["Bob"])
    }

    @Test func `the error for an invalid command reaches its sender only, who stays connected`() async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await receive(ann)
        try await bob.send(json: ChatCommand.say(text: String(repeating: "a", count: 1001)))
        try await bob.send(text: "{")
        try await bob.send(text: #"{"type": "shout"}"#)
        #expect(
            try await bob.receiveJSON() == ChatEvent.refused(message: "A message has 1 to 1000 characters."))
        for _ in 0..<2 { #expect(try await receive(bob).type == "refused") }
        try await bob.send(json: ChatCommand.say(text: "Sorry"))
        #expect(try await receive(ann).text == "Sorry")
    }

    @Test(arguments: [
        ("tea.room", "Ann", RoomName.rule),
        ("tutorial", "Ann", RoomName.rule),
        ("tea", "", "A name has 1 to 30 visible characters."),
        ("tea", "%E2%80%8B", "A name has 1 to 30 visible characters."),
    ])
    func `an invalid room or visitor name closes the WebSocket with 4000 and a reason`(
        room: String, name: String, reason: String
    ) async throws {
        let socket = socket(name, in: room)
        #expect(try await socket.connect().isAccepted)
        let close = try await socket.receiveClose()
        #expect(close.code == 4000 && close.reason == reason)
    }

    @Test func `a room holds 200 people, who can open more windows`() async throws {
        let room = room
        let clock = ManualClock()
        var sockets: [WebSocketCommunicator] = []
        func socket(_ name: String) async throws -> WebSocketCommunicator {
            let socket = WebSocketCommunicator(
                application, "/ws/chat/\(room)/?name=\(name)", services: services, clock: clock)
            #expect(try await socket.connect().isAccepted)
            sockets.append(socket)
            return socket
        }
        for index in 0..<200 { _ = try await socket("Ann\(index)") }
        let full = try await socket("Bob").receiveClose()
        #expect(full.code == 4000 && full.reason == "This room is full. Choose another one.")
        #expect(try await Told(socket("Ann0").receiveText()).type == "welcome")
        try await sockets[1].disconnect()
        #expect(try await Told(socket("Bob").receiveText()).type == "welcome")
    }

    @Test func `a line from another process is kept for later visitors`() async throws {
        let ann = try await join("Ann")
        let line = try #require(Line("from afar", by: "Zoe"))
        // The room's listener starts concurrently with the handshake.
        for _ in 0..<500 {
            try await layers.groupSend(Group<ChatEvent>("chat_\(room)"), .said(line))
            if rooms.change({ $0.lines(in: room).contains { $0.id == line.id } }) { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        #expect(try await receive(ann).id == line.id)
        #expect(try await enter("Bob").welcome.lines?.map(\.id) == [line.id])
    }

    /// Each communicator has its own event loop, so the room is used from all of them at once.
    @Test func `visitors who enter and leave concurrently all see the same room in the end`() async throws {
        let (first, welcome, state) = try await enter("First")
        let stayed = try await withThrowingTaskGroup { group in
            for index in 0..<8 {
                group.addTask { () -> (socket: WebSocketCommunicator, view: RoomView)? in
                    // Visitors who leave share their names: two with a visitor who stays, two with each other.
                    guard index % 2 == 0 else { return try await talk("Guest\(index / 4)", thenStays: false) }
                    return try await talk("Guest\(index)", thenStays: true)
                }
            }
            var stayed: [(socket: WebSocketCommunicator, view: RoomView)] = []
            for try await one in group { if let one { stayed.append(one) } }
            return stayed
        }
        try await first.send(json: ChatCommand.say(text: "The end"))

        var whole = RoomView()
        for told in [welcome, state] { whole.apply(told) }
        try await see(first, in: &whole, until: "The end")
        #expect(whole.here == ["First", "Guest0", "Guest2", "Guest4", "Guest6"])
        #expect(whole.lines.count == 8 * 5 + 1)
        #expect(stayed.count == 4)
        for (socket, view) in stayed {
            var view = view
            let known = Set(view.lines.map(\.id))
            try await see(socket, in: &view, until: "The end")
            #expect(view.here == whole.here)
            // No line is missing that was said after this visitor entered.
            let missing = whole.lines.filter { line in !view.lines.contains { $0.id == line.id } }
            #expect(view.lines.count + missing.count == whole.lines.count)
            let came = whole.lines.lastIndex { known.contains($0.id) } ?? 0
            #expect(missing.allSatisfy { line in (whole.lines.firstIndex { $0.id == line.id } ?? .max) < came + 8 })
        }
    }

    private func talk(
        _ name: String, thenStays: Bool
    ) async throws -> (socket: WebSocketCommunicator, view: RoomView)? {
        let (socket, welcome, state) = try await enter(name)
        var view = RoomView()
        for told in [welcome, state] { view.apply(told) }
        for index in 0..<5 { try await socket.send(json: ChatCommand.say(text: "\(name) \(index)")) }
        if thenStays { return (socket, view) }
        try await socket.disconnect()
        return nil
    }
}
