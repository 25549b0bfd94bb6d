import Synchronization

@testable import StraitLayers

/// The presence that several simulated processes share, as Redis would store it.
final class SharedPresence: Sendable {
    private struct State {
        var ledger = PresenceLedger()
        /// The groups that each process watches, with its callbacks.
        var watches: [UInt64: [String: @Sendable (PresenceWatch.Event) -> Void]] = [:]
        var entries: [UInt64: [(group: String, number: UInt64)]] = [:]
        /// Disconnected processes.
        var deaf: Set<UInt64> = []
        var failure: (any Error)?
        var snapshots = 0
    }

    private let state = Mutex(State())

    /// Returns the store of a process.
    func store(_ process: UInt64) -> SharedPresenceStore { SharedPresenceStore(self, process) }

    /// The number of snapshots that were read.
    var snapshots: Int { state.withLock { $0.snapshots } }

    fileprivate func change(_ group: String, _ step: (inout PresenceLedger) -> PresenceDelta?) {
        state.withLock { Self.change(&$0, group, step) }
    }

    private static func change(
        _ state: inout State, _ group: String, _ step: (inout PresenceLedger) -> PresenceDelta?
    ) {
        guard let delta = step(&state.ledger) else { return }
        for (process, watches) in state.watches where !state.deaf.contains(process) {
            watches[group]?(.changed(delta))
        }
    }

    fileprivate func note(_ entry: PresenceEntry, of process: UInt64) {
        state.withLock { $0.entries[process, default: []].append((entry.group, entry.number)) }
    }

    fileprivate func snapshot(_ group: String, _ limit: Int, _ sample: Int) throws -> PresenceSnapshot {
        try state.withLock { state in
            if let failure = state.failure { throw failure }
            state.snapshots += 1
            return state.ledger.snapshot(of: group, exactUpTo: limit, sample: sample)
        }
    }

    fileprivate func watch(_ process: UInt64, _ group: String, _ receive: (@Sendable (PresenceWatch.Event) -> Void)?) {
        state.withLock { state in
            state.watches[process, default: [:]][group] = receive
            guard let receive else { return }
            if let failure = state.failure { receive(.failed(failure)) } else { receive(.began) }
        }
    }

    /// Kills `process` and removes its members.
    func kill(_ process: UInt64) {
        state.withLock { state in
            state.watches[process] = nil
            let entries = state.entries.removeValue(forKey: process) ?? []
            for group in Set(entries.map(\.group)) {
                Self.change(&state, group) { $0.leave(entries.filter { $0.group == group }.map(\.number), of: group) }
            }
        }
    }

    /// Disconnects `process`, so that it misses changes.
    func disconnect(_ process: UInt64) { state.withLock { _ = $0.deaf.insert(process) } }

    /// Reconnects `process` without telling it that it missed changes.
    func hear(_ process: UInt64) { state.withLock { _ = $0.deaf.remove(process) } }

    func reconnect(_ process: UInt64) {
        state.withLock { state in
            state.deaf.remove(process)
            for receive in (state.watches[process] ?? [:]).values { receive(.began) }
        }
    }

    /// Makes reads and watches fail with `error`, or succeed again if it is nil.
    func fail(_ error: (any Error)?) {
        state.withLock { state in
            state.failure = error
            if error != nil { return }
            for watches in state.watches.values { for receive in watches.values { receive(.began) } }
        }
    }
}

/// The store of one process in a ``SharedPresence``.
final class SharedPresenceStore: PresenceStore {
    private let shared: SharedPresence
    private let process: UInt64

    init(_ shared: SharedPresence, _ process: UInt64) {
        self.shared = shared
        self.process = process
    }

    /// Returns the entry with a number that is unique among all processes.
    private func own(_ entry: PresenceEntry) -> PresenceEntry {
        PresenceEntry(group: entry.group, number: process << 32 | entry.number, record: entry.record)
    }

    func enter(_ entry: PresenceEntry) async throws {
        let entry = own(entry)
        shared.note(entry, of: process)
        shared.change(entry.group) { $0.enter(entry) }
    }

    func update(_ entry: PresenceEntry) async throws {
        let entry = own(entry)
        shared.change(entry.group) { $0.update(entry) }
    }

    func leave(_ entry: PresenceEntry) {
        let entry = own(entry)
        shared.change(entry.group) { $0.leave([entry.number], of: entry.group) }
    }

    func snapshot(of group: String, exactUpTo limit: Int, sample: Int) async throws -> PresenceSnapshot {
        try shared.snapshot(group, limit, sample)
    }

    func watch(_ group: String, _ receive: @escaping @Sendable (PresenceWatch.Event) -> Void) {
        shared.watch(process, group, receive)
    }

    func unwatch(_ group: String) { shared.watch(process, group, nil) }
}
