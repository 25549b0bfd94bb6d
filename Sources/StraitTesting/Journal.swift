import Synchronization

/// A thread-safe list of a test's events, in order.
package final class Journal: Sendable {
    private struct State {
        var lines: [String] = []
        var waiting: [(isMet: @Sendable ([String]) -> Bool, CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())

    package init() {}

    package var lines: [String] { state.withLock { $0.lines } }

    package func note(_ line: String) {
        let met = state.withLock { state in
            state.lines.append(line)
            if state.waiting.isEmpty { return [CheckedContinuation<Void, Never>]() }
            let lines = state.lines
            let met = state.waiting.filter { $0.isMet(lines) }.map { $0.1 }
            if !met.isEmpty { state.waiting.removeAll { $0.isMet(lines) } }
            return met
        }
        for continuation in met { continuation.resume() }
    }

    package func count(of line: String) -> Int {
        lines.count { $0 == line }
    }

    /// Waits until the lines meet `condition`.
    package func until(_ condition: @escaping @Sendable ([String]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if condition(state.lines) { return true }
                state.waiting.append((condition, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }
}
