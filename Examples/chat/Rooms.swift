import Strait
import Synchronization

/// The recent lines of the rooms with browsers in this process, for browsers that join later.
///
/// Each process has its own: a room starts without lines in a process, and is removed with its last browser there.
struct Rooms {
    /// The maximum number of people in a room, across all processes.
    static let mostPeople = 200
    /// The maximum number of stored lines per room.
    static let mostLines = 30

    private struct Room {
        /// The number of browsers in this process.
        var browsers = 0
        var lines: [Line] = []
        /// The task that receives the lines of other processes.
        var listener: Task<Void, Never>?
    }

    private var rooms: [String: Room] = [:]

    /// Adds a browser. Calls `listen` for the first one.
    ///
    /// - Returns: The stored lines.
    mutating func enter(_ room: String, _ listen: () -> Task<Void, Never>? = { nil }) -> [Line] {
        var entered = rooms[room] ?? Room(listener: listen())
        entered.browsers += 1
        rooms[room] = entered
        return entered.lines
    }

    /// Returns the stored lines of `room`.
    func lines(in room: String) -> [Line] { rooms[room]?.lines ?? [] }

    /// Removes a browser that entered.
    mutating func leave(_ room: String) {
        guard let browsers = rooms[room]?.browsers else { return }
        rooms[room]?.browsers = browsers - 1
        if browsers == 1 { rooms.removeValue(forKey: room)?.listener?.cancel() }
    }

    /// Stores a line, from any process, once.
    mutating func hear(_ line: Line, in room: String) {
        guard var heard = rooms[room], !heard.lines.contains(where: { $0.id == line.id }) else { return }
        heard.lines.append(line)
        if heard.lines.count > Self.mostLines { heard.lines.removeFirst() }
        rooms[room] = heard
    }
}

/// The rooms of this process, as a service for all consumers.
///
/// The lock is held briefly: nothing waits inside it, and consumers send to the group afterwards.
final class SharedRooms: Service {
    private let rooms = Mutex(Rooms())

    func change<Result: Sendable>(_ body: (inout Rooms) -> Result) -> Result { rooms.withLock { body(&$0) } }
}
