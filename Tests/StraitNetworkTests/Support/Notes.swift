import Synchronization

/// What happened in a test, in order, from whatever thread.
final class Notes<Note: Sendable>: Sendable {
    private let kept = Mutex<[Note]>([])

    var all: [Note] { kept.withLock { $0 } }

    func add(_ note: Note) { kept.withLock { $0.append(note) } }
}
