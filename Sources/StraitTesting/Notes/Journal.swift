import Synchronization

/// What happened in a test, in order, from whatever thread.
package final class Journal: Sendable {
    private let kept = Mutex<[String]>([])

    package init() {}

    package var lines: [String] { kept.withLock { $0 } }

    package func note(_ line: String) {
        kept.withLock { $0.append(line) }
    }

    package func count(of line: String) -> Int {
        lines.count { $0 == line }
    }
}
