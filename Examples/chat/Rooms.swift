import Foundation
import Synchronization

/// The rooms that somebody is in, whichever event loop they are on. A room that everybody left is forgotten.
struct Rooms {
    /// All consumers change this one. The lock is held for a moment only: nothing waits in it, and telling the group comes
    /// after it.
    static let shared = Mutex(Rooms())

    /// The most people in a room.
    static let mostPeople = 200
    /// The most lines that are kept for those who come later.
    static let mostLines = 30

    private struct Room {
        /// How many browsers are here under each name: somebody may have two, or come back before the lost one is missed.
        var people: [String: Int] = [:]
        var lines: [Line] = []
    }

    private var rooms: [String: Room] = [:]
    /// The number of the latest change, in whichever room: it does not begin anew where a room is forgotten and found again
    /// while somebody is still being told what happened in it before.
    private var number = 0

    /// Lets one more browser in, or not where the room is full.
    ///
    /// - Returns: The room as it is then, and what to tell the others; nothing where `name` was here already.
    mutating func enter(_ room: String, _ name: String) -> (welcome: ChatEvent, joined: ChatEvent?)? {
        var entered = rooms[room] ?? Room()
        guard entered.people.values.reduce(0, +) < Self.mostPeople else { return nil }
        let isNew = entered.people[name] == nil
        entered.people[name, default: 0] += 1
        if isNew { number += 1 }
        rooms[room] = entered
        return (
            .welcome(number: number, name: name, here: entered.people.keys.sorted(), lines: entered.lines),
            isNew ? .joined(number: number, name: name) : nil
        )
    }

    /// Lets a browser out that was let in.
    ///
    /// - Returns: What to tell the others; nothing where `name` has another browser here.
    mutating func leave(_ room: String, _ name: String) -> ChatEvent? {
        guard let count = rooms[room]?.people[name] else { return nil }
        rooms[room]?.people[name] = count > 1 ? count - 1 : nil
        guard count == 1 else { return nil }
        number += 1
        if rooms[room]?.people.isEmpty == true { rooms[room] = nil }
        return .left(number: number, name: name)
    }

    /// Notes what is said, or not where it is empty or too long.
    mutating func say(_ text: String, in room: String, by name: String, at time: Date = Date()) -> Line? {
        let isBlank = text.allSatisfy(\.isWhitespace)
        guard !isBlank, text.unicodeScalars.count <= Line.longest, rooms[room] != nil else { return nil }
        number += 1
        let line = Line(number: number, name: name, text: text, at: time)
        rooms[room]?.lines.append(line)
        if let count = rooms[room]?.lines.count, count > Self.mostLines {
            rooms[room]?.lines.removeFirst(count - Self.mostLines)
        }
        return line
    }
}
