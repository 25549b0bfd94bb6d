package import StraitCore
internal import Synchronization

/// The presence entries and watches of this process: the part of presence that all layers share. The layer-specific
/// part is a ``PresenceStore``.
package final class PresenceTable: Sendable {
    let groups: GroupTable
    private let store: any PresenceStore
    private let expiry: Duration
    private let time: any TimeSource
    private let numbers = Atomic<UInt64>(0)
    private let watches = Mutex<[String: PresenceWatch]>([:])

    /// The minimum time between two counts of a large group, and the delay before a retry.
    package static let interval = Duration.seconds(1)

    /// - Parameters:
    ///   - groups: The layer's groups, through which changes reach followers.
    ///   - expiry: The time that a change may be queued for a consumer before the consumer is considered too slow.
    package init(_ store: any PresenceStore, groups: GroupTable, expiry: Duration, time: any TimeSource) {
        self.store = store
        self.groups = groups
        self.expiry = expiry
        self.time = time
    }

    // MARK: Entries

    /// Creates an entry, without adding it to the store.
    package func entry(_ group: String, _ record: PresenceRecord) -> PresenceEntry {
        let number = numbers.wrappingAdd(1, ordering: .relaxed).newValue
        return PresenceEntry(group: group, number: number, record: record)
    }

    /// Adds `entry` to the store. If this throws, or the entry is no longer needed, the caller still has to call
    /// ``leave(_:)``.
    package nonisolated(nonsending) func enter(_ entry: PresenceEntry) async throws { try await store.enter(entry) }

    /// Changes the metadata of an entry's key.
    package nonisolated(nonsending) func update(_ entry: PresenceEntry) async throws { try await store.update(entry) }

    /// Removes an entry without waiting. Call it after `enter` returned or threw.
    package func leave(_ entry: PresenceEntry) { store.leave(entry) }

    /// Reads the members of `group` from the store.
    ///
    /// - Throws: ``LayerError/invalidGroupName(_:)``; the store's errors.
    package nonisolated(nonsending) func snapshot(
        of group: String, exactUpTo limit: Int
    ) async throws -> PresenceSnapshot {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        return try await store.snapshot(of: group, exactUpTo: limit, sample: PresenceView.sample(limit))
    }

    // MARK: Watches

    /// Returns the watch of `group` for a follower on `loop`. The follower ends its use with
    /// ``PresenceWatch/release(from:)``.
    package func watch(_ group: String, exactUpTo limit: Int, from loop: EventLoop) -> PresenceWatch {
        // The store is called with the lock held, so that it sees `watch` and `unwatch` calls in their order.
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

    /// Publishes an update to the followers of `group` in this process. Returns false if a follower's loop is blocked
    /// and its inbox is full.
    func publish(_ update: PresenceView.Report, to group: String) -> Bool {
        groups.publishIfRoom(event(update), to: PresenceWatch.hidden(group))
    }

    func event(_ update: PresenceView.Report) -> LayerEvent {
        LayerEvent(
            raw: update.json, isText: true, value: PresenceView.SharedReport(update),
            expires: time.now.advanced(by: expiry))
    }

    /// The number of groups that are followed in this process.
    package var watchCount: Int { watches.withLock { $0.count } }
}

/// The members of a presence: all of them in a small group, otherwise a sample.
public struct PresenceList<Meta: Codable & Sendable>: Codable, Sendable {
    /// The number of keys in the group.
    public var count: Int
    /// The keys with their metadata. Only a sample if ``isExact`` is false.
    public var members: [String: Meta]
    /// Whether ``members`` contains all keys of the group.
    public var isExact: Bool

    /// Creates a list, which is empty by default.
    public init(count: Int = 0, members: [String: Meta] = [:], isExact: Bool = true) {
        self.count = count
        self.members = members
        self.isExact = isExact
    }

    /// Applies a change that a follower received. If all changes are applied from the first one on, the list matches
    /// the group.
    public mutating func apply(_ change: PresenceChange<Meta>) {
        switch change {
        case .state(let list): self = list
        case .many(let count): self.count = count
        case .diff(let diff):
            for key in diff.leaves.keys { members[key] = nil }
            members.merge(diff.joins) { $1 }
            members.merge(diff.updates) { $1 }
            count = diff.count
        }
    }
}

extension PresenceList: Equatable where Meta: Equatable {}
