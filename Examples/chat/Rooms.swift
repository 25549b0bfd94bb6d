import Strait
import Synchronization

/// What this process has heard in the rooms that somebody here is in, for those who come in later. Each process has its
/// own: a room that is new to one begins without lines there. A room that everybody here left is forgotten.
struct Rooms {
    /// The most people in a room, over all processes.
    static let mostPeople = 200
    /// The most lines that are kept for those who come later.
    static let mostLines = 30

    private struct Room {
        /// How many browsers are here.
        var browsers = 0
        var lines: [Line] = []
        /// Hears what is said in other processes.
        var listener: Task<Void, Never>?
    }

    private var rooms: [String: Room] = [:]

    /// Lets one more browser in, and has the room listened to with `listen` from the first one on.
    ///
    /// - Returns: What was said.
    mutating func enter(_ room: String, _ listen: () -> Task<Void, Never>? = { nil }) -> [Line] {
        var entered = rooms[room] ?? Room(listener: listen())
        entered.browsers += 1
        rooms[room] = entered
        return entered.lines
    }

    /// What was said in `room`.
    func lines(in room: String) -> [Line] { rooms[room]?.lines ?? [] }

    /// Lets a browser out that was let in.
    mutating func leave(_ room: String) {
        guard let browsers = rooms[room]?.browsers else { return }
        rooms[room]?.browsers = browsers - 1
        if browsers == 1 { rooms.removeValue(forKey: room)?.listener?.cancel() }
    }

    /// Keeps what is said, once, in whichever process.
    mutating func hear(_ line: Line, in room: String) {
        guard var heard = rooms[room], !heard.lines.contains(where: { $0.id == line.id }) else { return }
        heard.lines.append(line)
        if heard.lines.count > Self.mostLines { heard.lines.removeFirst() }
        rooms[room] = heard
    }
}

/// The rooms of this process as a service of the site, which all consumers change. The lock is held for a moment only:
/// nothing waits in it, and telling the group comes after it.
final class SharedRooms: Service {
    private let rooms = Mutex(Rooms())

    func change<Result: Sendable>(_ body: (inout Rooms) -> Result) -> Result { rooms.withLock { body(&$0) } }
}
