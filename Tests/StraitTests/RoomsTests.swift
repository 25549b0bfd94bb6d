import Foundation
import Testing

@testable import ExampleChat

/// Rooms to be changed within an expectation, which cannot change a value.
private final class SharedRooms {
    private var rooms = Rooms()

    func enter(_ room: String) -> [Line] { rooms.enter(room) }
    func enter(_ room: String, _ listen: () -> Task<Void, Never>) -> [Line] { rooms.enter(room, listen) }
    func leave(_ room: String) { rooms.leave(room) }
    func hear(_ line: Line, in room: String) { rooms.hear(line, in: room) }
}

@Suite struct RoomsTests {
    private func line(_ text: String) throws -> Line { try #require(Line(text, by: "Ann")) }

    @Test func `who comes in is told what was said`() throws {
        let rooms = SharedRooms()
        #expect(rooms.enter("tea") == [])
        let said = try line("Hello")
        rooms.hear(said, in: "tea")
        #expect(rooms.enter("tea") == [said])
    }

    @Test func `a line that is heard twice is kept once`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        let (one, two) = (try line("Hello"), try line("Hello"))
        for line in [one, two, one] { rooms.hear(line, in: "tea") }
        #expect(rooms.enter("tea") == [one, two])
    }

    @Test func `a room that everybody left is forgotten`() throws {
        let rooms = SharedRooms()
        for _ in 0..<2 { _ = rooms.enter("tea") }
        rooms.hear(try line("Hello"), in: "tea")
        rooms.leave("tea")
        #expect(rooms.enter("tea").count == 1)
        for _ in 0..<2 { rooms.leave("tea") }
        rooms.hear(try line("late"), in: "tea")
        #expect(rooms.enter("tea") == [])
    }

    @Test func `a room is listened to from the first who comes until the last has left`() throws {
        let rooms = SharedRooms()
        var listeners: [Task<Void, Never>] = []
        for _ in 0..<2 {
            _ = rooms.enter("tea") {
                listeners.append(Task { try? await Task.sleep(for: .seconds(100)) })
                return listeners[listeners.count - 1]
            }
        }
        #expect(listeners.count == 1)
        rooms.leave("tea")
        #expect(!listeners[0].isCancelled)
        rooms.leave("tea")
        rooms.leave("tea")
        #expect(listeners[0].isCancelled)
    }

    @Test func `as many lines are kept as there is room for, the latest`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        for index in 0..<100 { rooms.hear(try line("\(index)"), in: "tea") }
        #expect(rooms.enter("tea").map(\.text) == (70..<100).map { "\($0)" })
    }

    @Test func `rooms know nothing of each other`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        rooms.hear(try line("Hello"), in: "tea")
        #expect(rooms.enter("coffee") == [])
    }
}

@Suite struct LineTests {
    @Test(arguments: ["", " ", "\n\t", String(repeating: "a", count: 1001)])
    func `nothing and too much cannot be said`(text: String) {
        #expect(Line(text, by: "Ann") == nil)
    }

    @Test func `a thousand characters can be said, however wide`() {
        #expect(Line(String(repeating: "🌍", count: 1000), by: "Ann") != nil)
    }
}

@Suite struct RoomNameTests {
    @Test(arguments: ["a", "lobby", "Tea-Room_2", String(repeating: "a", count: 50)])
    func `what a group may be called a room may be called`(name: String) {
        #expect(RoomName(name)?.text == name)
    }

    @Test(arguments: [
        "", "tea room", "café", "a.b", "a/b", "١", "source", "tutorial", String(repeating: "a", count: 51),
    ])
    func `anything else is refused, and what is a page`(name: String) {
        #expect(RoomName(name) == nil)
    }
}

@Suite struct PersonNameTests {
    @Test(arguments: [("Ann", "Ann"), ("  Ann\n Lee ", "Ann Lee"), ("Zoë 🌍", "Zoë 🌍"), ("<b>", "<b>")])
    func `a name is a line of text`(name: String, text: String) {
        #expect(PersonName(name)?.text == text)
    }

    @Test(arguments: ["", "  ", "Ann\u{200B}", "\u{202E}nnA", "A\u{0}", String(repeating: "a", count: 31)])
    func `what cannot be seen is no name`(name: String) {
        #expect(PersonName(name) == nil)
    }
}
