import Synchronization

/// What happened in a test, in order.
final class Journal: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func note(_ line: String) {
        kept.withLock { $0.append(line) }
    }

    func count(of line: String) -> Int {
        lines.count { $0 == line }
    }
}
