import Synchronization

/// What a program prints, line by line, as it comes.
final class PrintedLines: Sendable {
    private struct State {
        var lines: [String] = []
        var rest: [UInt8] = []
        var hasEnded = false
        var status: Int32 = 0
        var waiting: [(@Sendable (String) -> Bool, CheckedContinuation<String?, Never>)] = []
    }

    private let state = Mutex(State())

    /// What `waitpid` said of the program, once it has ended.
    var status: Int32 { state.withLock { $0.status } }

    /// Bytes were printed.
    func take(_ bytes: ArraySlice<UInt8>) {
        let resumed = state.withLock { state in
            var resumed: [(CheckedContinuation<String?, Never>, String)] = []
            state.rest += bytes
            while let end = state.rest.firstIndex(of: 0x0A) {
                let line = String(decoding: state.rest[..<end], as: UTF8.self)
                state.rest.removeSubrange(...end)
                state.lines.append(line)
                state.waiting.removeAll { isWanted, continuation in
                    guard isWanted(line) else { return false }
                    resumed.append((continuation, line))
                    return true
                }
            }
            return resumed
        }
        for (continuation, line) in resumed { continuation.resume(returning: line) }
    }

    /// Nothing more is printed.
    func end(_ status: Int32) {
        let waiting = state.withLock { state in
            state.hasEnded = true
            state.status = status
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation.resume(returning: nil) }
    }

    /// What was printed so far.
    var text: String { state.withLock { $0.lines.joined(separator: "\n") } }

    /// The first line, from the start on, that `isWanted` likes; nil where it ends without one.
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
