import StraitCore
import Synchronization

/// The events in transit to the members and channels of one event loop, in the order in which they were sent. Senders
/// append from any thread. The loop takes all of them once per turn.
final class LayerInbox: Sendable {
    let loop: EventLoop
    /// The number of queued bytes from which publishers have to wait. A loop takes everything each turn, so the inbox
    /// reaches this limit only if the loop is blocked.
    let limit: Int
    private let state = Mutex(State())

    enum Entry: Sendable {
        /// The group's event with this number, for the group's members on this loop.
        case group(LoopMembers, LayerEvent, number: UInt64)
        case channel(LocalChannel, LayerEvent, unlessIn: [String])

        var cost: Int {
            switch self {
            case .group(_, let event, _), .channel(_, let event, _): event.cost
            }
        }
    }

    private struct State {
        var entries: [Entry] = []
        var bytes = 0
        var hasEnded = false
        var waiting: [(id: Int, CheckedContinuation<Void, Never>)] = []
        var lastID = 0
    }

    init(loop: EventLoop, limit: Int = 8 << 20) {
        self.loop = loop
        self.limit = limit
    }

    /// Appends `entry`. Returns false if the loop has ended and nothing can be delivered.
    @discardableResult
    func append(_ entry: Entry) -> Bool {
        let isFirst: Bool? = state.withLock { state in
            if state.hasEnded { return nil }
            state.entries.append(entry)
            state.bytes += entry.cost
            return state.entries.count == 1
        }
        guard let isFirst else { return false }
        if isFirst, !loop.executeUnlessEnded({ self.empty() }) {
            end()
            return false
        }
        return true
    }

    /// Delivers the queued entries. Successive events of one group are delivered as one batch.
    private func empty() {
        let (entries, waiting) = state.withLock { state in
            let taken = (state.entries, state.waiting)
            state.entries = []
            state.bytes = 0
            state.waiting = []
            return taken
        }
        for (_, continuation) in waiting { continuation.resume() }
        var index = 0
        while index < entries.count {
            switch entries[index] {
            case .channel(let channel, let event, let groups):
                channel.deliver(event, unlessIn: groups)
                index += 1
            case .group(let share, let event, let number):
                var events = [event]
                var bytes = event.cost
                index += 1
                while index < entries.count, case .group(let next, let event, _) = entries[index], next === share,
                    bytes < EventBatch.limit
                {
                    events.append(event)
                    bytes += event.cost
                    index += 1
                }
                share.deliver(EventBatch(events, first: number))
            }
        }
    }

    /// Drops everything and resumes waiting publishers, because the loop has ended.
    private func end() {
        let waiting = state.withLock { state in
            state.hasEnded = true
            state.entries = []
            state.bytes = 0
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation.resume() }
    }

    // MARK: Room

    var isFull: Bool { state.withLock { $0.bytes >= limit } }

    /// Waits until the inbox has room or the loop has ended.
    ///
    /// - Throws: `CancellationError` if the task is cancelled.
    func room() async throws {
        while isFull {
            try Task.checkCancellation()
            let id = state.withLock { state in
                state.lastID += 1
                return state.lastID
            }
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    let waits = state.withLock { state in
                        if state.bytes < limit || state.hasEnded || Task.isCancelled { return false }
                        state.waiting.append((id, continuation))
                        return true
                    }
                    if !waits { continuation.resume() }
                }
            } onCancel: {
                let continuation = state.withLock { state in
                    state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0).1 }
                }
                continuation?.resume()
            }
        }
    }
}
