internal import Synchronization

/// Storage for presence within this process, for the in-memory layer. No call waits.
package final class MemoryPresenceStore: PresenceStore {
    private struct State {
        var ledger = PresenceLedger()
        var watches: [String: @Sendable (PresenceNews) -> Void] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    /// Applies a change and notifies the group's watch. The lock is held meanwhile, so that all watches get changes in
    /// the same order.
    private func change(_ group: String, _ step: (inout PresenceLedger) -> PresenceDelta?) {
        state.withLock { state in
            let watch = state.watches[group]
            if let delta = step(&state.ledger) { watch?(.changed(delta)) }
            if watch == nil { state.ledger.forget(group) }
        }
    }

    package func enter(_ entry: PresenceEntry) async throws { change(entry.group) { $0.enter(entry) } }

    package func update(_ entry: PresenceEntry) async throws { change(entry.group) { $0.update(entry) } }

    package func leave(_ entry: PresenceEntry) { change(entry.group) { $0.leave([entry.number], of: entry.group) } }

    package func snapshot(
        of group: String, exactUpTo limit: Int, sample: Int
    ) async throws -> PresenceSnapshot {
        state.withLock { $0.ledger.snapshot(of: group, exactUpTo: limit, sample: sample) }
    }

    package func watch(_ group: String, _ receive: @escaping @Sendable (PresenceNews) -> Void) {
        state.withLock { state in
            state.watches[group] = receive
            receive(.began)
        }
    }

    package func unwatch(_ group: String) {
        state.withLock { state in
            state.watches[group] = nil
            state.ledger.forget(group)
        }
    }

    /// The number of groups that have entries or a watch.
    package var count: Int { state.withLock { $0.ledger.names.count } }
}
