import Foundation
import Testing

@testable import ExampleChat

/// Rooms to be changed within an expectation, which cannot change a value.
private final class SharedRooms {
    private var rooms = Rooms()

    func enter(_ room: String, _ name: String) -> (welcome: ChatEvent, joined: ChatEvent?)? { rooms.enter(room, name) }
    func leave(_ room: String, _ name: String) -> ChatEvent? { rooms.leave(room, name) }
    func say(_ text: String, in room: String, by name: String, at time: Date) -> Line? {
        rooms.say(text, in: room, by: name, at: time)
    }
}

@Suite struct RoomsTests {
    private let time = Date(timeIntervalSince1970: 0)

    /// What a `welcome` says.
    private func welcome(
        _ entry: (welcome: ChatEvent, joined: ChatEvent?)?
    ) throws -> (number: Int, here: [String], lines: [Line]) {
        guard case .welcome(let number, _, let here, let lines) = try #require(entry).welcome else {
            throw CocoaError(.featureUnsupported)
        }
        return (number, here, lines)
    }

    private func number(_ event: ChatEvent?) -> Int? {
        switch event {
        case .joined(let number, _), .left(let number, _): number
        default: nil
        }
    }

    @Test func `who comes in is told who is here and what was said`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        let line = try #require(rooms.say("Hello", in: "tea", by: "Ann", at: time))
        let late = try welcome(rooms.enter("tea", "Bob"))
        #expect(late.here == ["Ann", "Bob"] && late.lines == [line])
    }

    @Test func `what has a number up to the welcome's is in the welcome, and the rest is not`() throws {
        let rooms = SharedRooms()
        let ann = rooms.enter("tea", "Ann")
        let before = try #require(rooms.say("before", in: "tea", by: "Ann", at: time))
        let entry = rooms.enter("tea", "Bob")
        let late = try welcome(entry)
        let after = try #require(rooms.say("after", in: "tea", by: "Ann", at: time))
        #expect(number(ann?.joined) == 1 && before.number == 2)
        #expect(number(entry?.joined) == late.number && late.number == 3 && after.number == 4)
    }

    @Test func `a name's second window is announced neither when it comes nor when it goes`() throws {
        let rooms = SharedRooms()
        #expect(number(rooms.enter("tea", "Ann")?.joined) == 1)
        let second = rooms.enter("tea", "Ann")
        #expect(try second?.joined == nil && welcome(second).here == ["Ann"])
        #expect(rooms.leave("tea", "Ann") == nil)
        #expect(number(rooms.leave("tea", "Ann")) == 2)
        #expect(rooms.leave("tea", "Ann") == nil)
    }

    @Test func `a room that everybody left is forgotten, and its numbers go on`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        _ = rooms.say("Hello", in: "tea", by: "Ann", at: time)
        #expect(number(rooms.leave("tea", "Ann")) == 3)
        #expect(rooms.say("late", in: "tea", by: "Ann", at: time) == nil)
        let again = try welcome(rooms.enter("tea", "Bob"))
        #expect(again.here == ["Bob"] && again.lines.isEmpty && again.number == 4)
    }

    @Test func `as many lines are kept as there is room for, the latest`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        for index in 0..<100 { _ = rooms.say("\(index)", in: "tea", by: "Ann", at: time) }
        let lines = try welcome(rooms.enter("tea", "Bob")).lines
        #expect(lines.map(\.text) == (70..<100).map { "\($0)" })
    }

    @Test func `rooms know nothing of each other`() throws {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        _ = rooms.say("Hello", in: "tea", by: "Ann", at: time)
        let other = try welcome(rooms.enter("coffee", "Bob"))
        #expect(other.here == ["Bob"] && other.lines.isEmpty)
    }

    @Test func `a room takes 200 browsers`() {
        let rooms = SharedRooms()
        for index in 0..<200 { #expect(rooms.enter("tea", "Ann \(index % 50)") != nil) }
        #expect(rooms.enter("tea", "Bob") == nil)
        _ = rooms.leave("tea", "Ann 0")
        #expect(rooms.enter("tea", "Bob") != nil)
    }

    @Test(arguments: ["", " ", "\n\t", String(repeating: "a", count: 1001)])
    func `nothing and too much cannot be said`(text: String) {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        #expect(rooms.say(text, in: "tea", by: "Ann", at: time) == nil)
    }

    @Test func `a thousand characters can be said, however wide`() {
        let rooms = SharedRooms()
        _ = rooms.enter("tea", "Ann")
        #expect(rooms.say(String(repeating: "🌍", count: 1000), in: "tea", by: "Ann", at: time) != nil)
    }
}

@Suite struct RoomNameTests {
    @Test(arguments: ["a", "lobby", "Tea-Room_2", String(repeating: "a", count: 50)])
    func `what a group may be called a room may be called`(name: String) {
        #expect(RoomName(name)?.text == name)
    }

    @Test(arguments: [
        "", "tea room", "café", "a.b", "a/b", "١", "source", "tutorial", "chat.css", String(repeating: "a", count: 51),
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
