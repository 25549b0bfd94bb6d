import Synchronization

/// The events of a test in order, added from any thread.
final class Notes<Note: Sendable>: Sendable {
    private let kept = Mutex<[Note]>([])

    var all: [Note] { kept.withLock { $0 } }

    func add(_ note: Note) { kept.withLock { $0.append(note) } }
}
