import Synchronization

/// What a program prints, line by line, as it comes.
final class PrintedLines: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        /// How many lines were handed out by ``next()``.
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

    /// Bytes were printed.
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

    /// Nothing more is printed.
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

    /// What was printed so far, in whole lines.
    var text: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// What was printed behind the lines that ``next()`` returned, once nothing more is printed.
    func remainder() async -> String {
        _ = await first { _ in false }
        return state.withLock { state in
            let lines = state.lines[state.taken...].map { $0 + "\n" }.joined()
            return lines + String(decoding: state.rest, as: UTF8.self)
        }
    }

    /// The next line; at the end, what is left without a line end.
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

    /// The first line, from the start on, that `isWanted` likes; nil if it ends without one.
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
