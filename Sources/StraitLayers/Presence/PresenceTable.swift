package import StraitNetwork
internal import Synchronization

/// Who of this process is present where, and which groups are followed here: the part of presence that all layers have
/// in common. What they have of their own is a ``PresenceStore``.
package final class PresenceTable: Sendable {
    let groups: GroupTable
    private let store: any PresenceStore
    private let expiry: Duration
    private let time: any TimeSource
    private let numbers = Atomic<UInt64>(0)
    private let watches = Mutex<[String: PresenceWatch]>([:])

    /// How often at most the count of a large group is told, and how long it takes until what failed is tried again.
    package static let interval = Duration.seconds(1)

    /// - Parameters:
    ///   - groups: The layer's, by which changes come to those who follow.
    ///   - expiry: How long a change may wait for a consumer before that is taken for too slow.
    package init(_ store: any PresenceStore, groups: GroupTable, expiry: Duration, time: any TimeSource) {
        self.store = store
        self.groups = groups
        self.expiry = expiry
        self.time = time
    }

    // MARK: Who is present

    /// An entry that is not entered yet.
    package func entry(_ group: String, _ record: PresenceRecord) -> PresenceEntry {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        return PresenceEntry(group: group, number: number, record: record)
    }

    /// Enters `entry`. Where that throws, or is not wanted any more, it is to be left all the same.
    package nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws { try await store.enter(entry) }

    package nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws { try await store.update(entry) }

    /// Leaves at once, as far as this process is concerned; to be called when `enter` has returned or thrown.
    package func leave(_ entry: PresenceEntry) { store.leave(entry) }

    /// Who is in `group`, as the store has it now.
    ///
    /// - Throws: ``LayerError/invalidGroupName(_:)``; what the store throws.
    package nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int
    ) async throws -> PresenceSnapshot {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        return try await store.snapshot(of: group, exactUpTo: limit, sample: PresenceView.sample(limit))
    }

    // MARK: Who follows

    /// The watch of `group`, for one who follows from `loop`; let go of with ``PresenceWatch/release(from:)``.
    package func watch(_ group: String, exactUpTo limit: Int, from loop: EventLoop) -> PresenceWatch {
        // The store is told within the lock: of two that begin and end at once, in the order in which they did.
        watches.withLock { watches in
            if let watch = watches[group] {
                watch.add(loop)
                return watch
            }
            let watch = PresenceWatch(group, exactUpTo: limit, in: self)
            watch.add(loop)
            watches[group] = watch
            store.watch(group) { watch.receive($0) }
            return watch
        }
    }

    func release(_ watch: PresenceWatch, from loop: EventLoop) {
        watches.withLock { watches in
            guard watch.remove(loop), watches[watch.group] === watch else { return }
            watches[watch.group] = nil
            store.unwatch(watch.group)
        }
    }

    /// Tells those who follow `group` in this process; false where a loop of theirs is held up and has no room.
    func publish(_ update: PresenceUpdate, to group: String) -> Bool {
        groups.publishIfRoom(event(update), to: PresenceWatch.hidden(group))
    }

    func event(_ update: PresenceUpdate) -> LayerEvent {
        LayerEvent(
            raw: update.json, isText: true, value: PresenceEvent(update), expires: time.now.advanced(by: expiry))
    }

    /// How many groups are followed in this process.
    package var watchCount: Int { watches.withLock { $0.count } }
}
