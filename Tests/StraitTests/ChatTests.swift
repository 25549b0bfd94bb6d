import Foundation
import Strait
import StraitTesting
import Testing

@testable import ExampleChat

/// What a browser knows of a room, by the rules that the page follows.
private struct RoomView {
    private(set) var lines: [Line] = []
    private var number: Int?
    private var people: [String: (isHere: Bool, number: Int)] = [:]

    var here: Set<String> { Set(people.filter(\.value.isHere).keys) }

    mutating func apply(_ event: ChatEvent) {
        switch event {
        case .welcome(let number, _, let here, let lines):
            self.number = number
            self.lines = lines
            people = Dictionary(uniqueKeysWithValues: here.map { ($0, (true, number)) })
        case .joined(let number, let name): note(name, true, number)
        case .left(let number, let name): note(name, false, number)
        case .said(let line): if let number, line.number > number { lines.append(line) }
        case .typing, .refused: break
        }
    }

    private mutating func note(_ name: String, _ isHere: Bool, _ number: Int) {
        guard let known = self.number, number > people[name]?.number ?? known else { return }
        people[name] = (isHere, number)
    }
}

@Suite struct ChatTests {
    private let application: any Application
    private let layers = ChannelLayers()
    /// A room of each test's own: all share the rooms of the process.
    private let room = "room-\(UUID().uuidString)"

    init() throws { application = try URLRouter(ChatApp.routes) }

    private func socket(_ name: String, in room: String? = nil) -> WebSocketCommunicator {
        WebSocketCommunicator(application, "/ws/chat/\(room ?? self.room)/?name=\(name)", layers: layers)
    }

    /// Comes in, and gives what is said on that.
    private func enter(_ name: String) async throws -> (socket: WebSocketCommunicator, welcome: ChatEvent) {
        let socket = socket(name)
        #expect(try await socket.connect().isAccepted)
        return (socket, try await socket.receiveJSON())
    }

    /// Comes in as the first of that name, and takes what is said on that.
    private func join(_ name: String) async throws -> WebSocketCommunicator {
        let socket = try await enter(name).socket
        _ = try await socket.receiveText()
        return socket
    }

    /// Takes what comes until a line says `text`.
    private func view(_ socket: WebSocketCommunicator, after welcome: ChatEvent, until text: String) async throws
        -> RoomView
    {
        var view = RoomView()
        view.apply(welcome)
        while view.lines.last?.text != text { view.apply(try await socket.receiveJSON()) }
        return view
    }

    @Test func `what is said reaches all in the room, its sender included`() async throws {
        let ann = try await join("Ann")
        let (bob, welcome) = try await enter("Bob")
        guard case .welcome(let number, "Bob", ["Ann", "Bob"], []) = welcome else {
            Issue.record("\(welcome)")
            return
        }
        #expect(try await ann.receiveJSON() == ChatEvent.joined(number: number, name: "Bob"))
        // Its own coming in is in its welcome already, which the number says.
        #expect(try await bob.receiveJSON() == ChatEvent.joined(number: number, name: "Bob"))
        try await bob.send(json: ChatCommand.say(text: "<b>hi</b>"))
        let said: ChatEvent = try await ann.receiveJSON()
        guard case .said(let line) = said else {
            Issue.record("\(said)")
            return
        }
        #expect(line.name == "Bob" && line.text == "<b>hi</b>" && line.number > number)
        #expect(try await bob.receiveJSON() == said)
    }

    @Test func `who is writing is told to the others`() async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await ann.receiveText()
        try await bob.send(json: ChatCommand.typing(isTyping: true))
        try await bob.send(json: ChatCommand.typing(isTyping: false))
        try await bob.send(json: ChatCommand.say(text: "Done"))
        #expect(try await ann.receiveJSON() == ChatEvent.typing(name: "Bob", isTyping: true))
        #expect(try await ann.receiveJSON() == ChatEvent.typing(name: "Bob", isTyping: false))
        guard case .said = try await bob.receiveJSON(as: ChatEvent.self) else { return #expect(Bool(false)) }
    }

    @Test(arguments: [true, false])
    func `who leaves, or is lost, is missed`(isLost: Bool) async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await ann.receiveText()
        if isLost { try await bob.abort() } else { try await bob.disconnect() }
        guard case .left(_, "Bob") = try await ann.receiveJSON(as: ChatEvent.self) else {
            return #expect(Bool(false))
        }
    }

    @Test func `what cannot be said is told to its sender alone, who stays`() async throws {
        let ann = try await join("Ann")
        let bob = try await join("Bob")
        _ = try await ann.receiveText()
        try await bob.send(json: ChatCommand.say(text: String(repeating: "a", count: 1001)))
        try await bob.send(text: "{")
        try await bob.send(text: #"{"type": "shout"}"#)
        #expect(
            try await bob.receiveJSON() == ChatEvent.refused(message: "A message has 1 to 1000 characters."))
        for _ in 0..<2 {
            guard case .refused = try await bob.receiveJSON(as: ChatEvent.self) else { return #expect(Bool(false)) }
        }
        try await bob.send(json: ChatCommand.say(text: "Sorry"))
        guard case .said = try await ann.receiveJSON(as: ChatEvent.self) else { return #expect(Bool(false)) }
    }

    @Test(arguments: [
        ("tea.room", "Ann", "A room's name has 1 to 50 letters of ASCII, digits, hyphens and underscores."),
        ("tutorial", "Ann", "A room's name has 1 to 50 letters of ASCII, digits, hyphens and underscores."),
        ("tea", "", "A name has 1 to 30 characters that one can see."),
        ("tea", "%E2%80%8B", "A name has 1 to 30 characters that one can see."),
    ])
    func `a room or a name that cannot be ends the socket with 4000 and a reason`(
        room: String, name: String, reason: String
    ) async throws {
        let socket = socket(name, in: room)
        #expect(try await socket.connect().isAccepted)
        let close = try await socket.receiveClose()
        #expect(close.code == 4000 && close.reason == reason)
    }

    /// Each communicator has an event loop of its own, so that the room is changed and told of from all of them at once.
    @Test func `whoever comes in whenever, all see the same room in the end`() async throws {
        let (first, welcome) = try await enter("First")
        let stayed = try await withThrowingTaskGroup { group in
            for index in 0..<8 {
                group.addTask { () -> (socket: WebSocketCommunicator, welcome: ChatEvent)? in
                    // Those who leave share their names: two with one who stays, two with each other.
                    guard index % 2 == 0 else { return try await talk("Guest\(index / 4)", thenStays: false) }
                    return try await talk("Guest\(index)", thenStays: true)
                }
            }
            var stayed: [(socket: WebSocketCommunicator, welcome: ChatEvent)] = []
            for try await one in group { if let one { stayed.append(one) } }
            return stayed
        }
        try await first.send(json: ChatCommand.say(text: "The end"))

        let whole = try await view(first, after: welcome, until: "The end")
        #expect(whole.here == ["First", "Guest0", "Guest2", "Guest4", "Guest6"])
        #expect(whole.lines.count == 8 * 5 + 1)
        let all = whole.lines.sorted { $0.number < $1.number }
        #expect(stayed.count == 4)
        for (socket, welcome) in stayed {
            let view = try await view(socket, after: welcome, until: "The end")
            #expect(view.here == whole.here)
            // Everything from the first line that it was told, and nothing twice.
            let lines = view.lines.sorted { $0.number < $1.number }
            #expect(lines == all.suffix(lines.count))
        }
    }

    private func talk(
        _ name: String, thenStays: Bool
    ) async throws -> (socket: WebSocketCommunicator, welcome: ChatEvent)? {
        let (socket, welcome) = try await enter(name)
        for index in 0..<5 { try await socket.send(json: ChatCommand.say(text: "\(name) \(index)")) }
        if thenStays { return (socket, welcome) }
        try await socket.disconnect()
        return nil
    }
}
