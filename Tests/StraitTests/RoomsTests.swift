import Foundation
import Testing

@testable import ExampleChat

/// Rooms in a class, because an expectation cannot mutate a value.
private final class SharedRooms {
    private var rooms = Rooms()

    func enter(_ room: String) -> [Line] { rooms.enter(room) }
    func enter(_ room: String, _ listen: () -> Task<Void, Never>) -> [Line] { rooms.enter(room, listen) }
    func leave(_ room: String) { rooms.leave(room) }
    func hear(_ line: Line, in room: String) { rooms.hear(line, in: room) }
}

@Suite struct RoomsTests {
    private func line(_ text: String) throws -> Line { try #require(Line(text, by: "Ann")) }

    @Test func `a visitor receives the earlier lines`() throws {
        let rooms = SharedRooms()
        #expect(rooms.enter("tea") == [])
        let said = try line("Hello")
        rooms.hear(said, in: "tea")
        #expect(rooms.enter("tea") == [said])
    }

    @Test func `a line that is received twice is kept once`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        let (one, two) = (try line("Hello"), try line("Hello"))
        for line in [one, two, one] { rooms.hear(line, in: "tea") }
        #expect(rooms.enter("tea") == [one, two])
    }

    @Test func `a room is removed when its last visitor leaves`() throws {
        let rooms = SharedRooms()
        for _ in 0..<2 { _ = rooms.enter("tea") }
        rooms.hear(try line("Hello"), in: "tea")
        rooms.leave("tea")
        #expect(rooms.enter("tea").count == 1)
        for _ in 0..<2 { rooms.leave("tea") }
        rooms.hear(try line("late"), in: "tea")
        #expect(rooms.enter("tea") == [])
    }

    @Test func `a room's listener runs from the first visitor's entry until the last one leaves`() throws {
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

    @Test func `a room keeps the latest 30 lines`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        for index in 0..<100 { rooms.hear(try line("\(index)"), in: "tea") }
        #expect(rooms.enter("tea").map(\.text) == (70..<100).map { "\($0)" })
    }

    @Test func `rooms do not share lines`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea")
        rooms.hear(try line("Hello"), in: "tea")
        #expect(rooms.enter("coffee") == [])
    }
}

@Suite struct LineTests {
    @Test(arguments: ["", " ", "\n\t", String(repeating: "a", count: 1001)])
    func `an empty line and one that is too long are rejected`(text: String) {
        #expect(Line(text, by: "Ann") == nil)
    }

    @Test func `a line can have 1000 characters, whatever their size in bytes`() {
        #expect(Line(String(repeating: "🌍", count: 1000), by: "Ann") != nil)
    }
}

@Suite struct RoomNameTests {
    @Test(arguments: ["a", "lobby", "Tea-Room_2", String(repeating: "a", count: 50)])
    func `a room name can have up to 50 letters, digits, hyphens and underscores`(name: String) {
        #expect(RoomName(name)?.text == name)
    }

    @Test(arguments: [
        "", "tea room", "café", "a.b", "a/b", "١", "source", "tutorial", String(repeating: "a", count: 51),
    ])
    func `other room names, and those of pages, are rejected`(name: String) {
        #expect(RoomName(name) == nil)
    }
}

@Suite struct PersonNameTests {
    @Test(arguments: [("Ann", "Ann"), ("  Ann\n Lee ", "Ann Lee"), ("Zoë 🌍", "Zoë 🌍"), ("<b>", "<b>")])
    func `a visitor's name is one line with single spaces`(name: String, text: String) {
        #expect(PersonName(name)?.text == text)
    }

    @Test(arguments: [
        "", "  ", "Ann ✓", "Ann\u{FE0F}", "\u{3164}", "Ann\u{2800}", "Ann\u{200B}", "\u{202E}nnA", "A\u{0}",
        String(repeating: "a", count: 31),
    ])
    func `an empty or invisible visitor name, or one that is too long, is rejected`(name: String) {
        #expect(PersonName(name) == nil)
    }
}
