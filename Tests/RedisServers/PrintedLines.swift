import Synchronization

/// A program's output, line by line.
final class PrintedLines: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        /// The number of lines that ``next()`` has returned.
        var taken = 0
        var hasEnded = false
        var waiting: [(@Sendable (String) -> Bool, CheckedContinuation<String?, Never>)] = []
        var waitsForNext: CheckedContinuation<String, Never>?

        mutating func takeRest() -> String {
            defer { rest = [] }
            return String(decoding: rest, as: UTF8.self)
        }
    }

    private let state = Mutex(State())

    /// Adds printed bytes.
    func take(_ bytes: ArraySlice<UInt8>) {
        let calls = state.withLock { state in
            var calls: [() -> Void] = []
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 0x0A) {
                let line = String(decoding: state.rest[..<end], as: UTF8.self)
                state.rest.removeSubrange(...end)
                state.lines.append(line)
                state.waiting.removeAll { isWanted, continuation in
                    guard isWanted(line) else { return false }
                    calls.append { continuation.resume(returning: line) }
                    return true
                }
                if let next = state.waitsForNext.take() {
                    state.taken += 1
                    calls.append { next.resume(returning: line) }
                }
            }
            return calls
        }
        for call in calls { call() }
    }

    /// Marks the end of the output.
    func end() {
        let calls = state.withLock { state in
            state.hasEnded = true
            var calls: [() -> Void] = state.waiting.map { _, continuation in { continuation.resume(returning: nil) } }
            state.waiting = []
            if let next = state.waitsForNext.take() {
                let rest = state.takeRest()
                calls.append { next.resume(returning: rest) }
            }
            return calls
        }
        for call in calls { call() }
    }

    /// The complete lines so far.
    var text: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// Waits for the end of the output. Returns everything after the lines that ``next()`` returned.
    func remainder() async -> String {
        _ = await first { _ in false }
        return state.withLock { state in
            let lines = state.lines[state.taken...].map { $0 + "\n" }.joined()
            return lines + String(decoding: state.rest, as: UTF8.self)
        }
    }

    /// Returns the next line. At the end of the output, returns the rest without a line break.
    func next() async -> String {
        await withCheckedContinuation { continuation in
            let now: String? = state.withLock { state in
                if state.taken < state.lines.count {
                    state.taken += 1
                    return state.lines[state.taken - 1]
                }
                if state.hasEnded { return state.takeRest() }
                state.waitsForNext = continuation
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }

    /// Returns the first line, from the start of the output, that `isWanted` accepts. Returns nil if the output ends
    /// without one.
    func first(where isWanted: @escaping @Sendable (String) -> Bool) async -> String? {
        await withCheckedContinuation { continuation in
            let now: String?? = state.withLock { state in
                if let line = state.lines.first(where: isWanted) { return .some(line) }
                if state.hasEnded { return .some(nil) }
                state.waiting.append((isWanted, continuation))
                return nil
            }
            if let now { continuation.resume(returning: now) }
        }
    }
}
