import StraitCore
import StraitLayers

/// Tracking and following of presences by a consumer.
extension ConsumerSession {
    // MARK: Tracking

    func track(_ group: String, in table: PresenceTable, _ record: PresenceRecord) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        guard mayJoin else { throw CancellationError() }
        let entry = table.entry(group, record)
        do {
            try await table.enter(entry)
            // If the socket ended during the call, it left all presences except this new entry, which is removed below.
            guard mayJoin else { throw CancellationError() }
        } catch {
            table.leave(entry)
            throw error
        }
        if let old = subscribed.presences.track(entry, in: table) { table.leave(old) }
    }

    func update(_ entry: PresenceEntry, in table: PresenceTable, _ record: PresenceRecord) async throws {
        var entry = entry
        entry.record = record
        try await table.update(entry)
    }

    func untrack(_ group: String, in table: PresenceTable) {
        if let entry = subscriptions?.presences.untrack(group, in: table) { table.leave(entry) }
    }

    // MARK: Following

    func follow(
        _ group: String, in table: PresenceTable, exactUpTo limit: Int, _ mode: DeliveryMode
    ) async throws {
        guard LayerName.isGroup(group) else { throw LayerError.invalidGroupName(group) }
        guard mayJoin else { throw CancellationError() }
        let watch = table.watch(group, exactUpTo: limit, from: loop)
        do {
            if !watch.isKnown {
                // SAFETY: a consumer calls this on the loop, and the session stays on it.
                nonisolated(unsafe) let session = self
                try await unsafe session.waitUntilKnown(watch, loop.isolation)
            }
            guard mayJoin else { throw CancellationError() }
        } catch {
            watch.release(from: loop)
            throw error
        }
        unfollow(group, in: table)
        let (following, first) = watch.join(self, on: loop, mode: mode)
        subscribed.presences.follow(following, in: table)
        deliver(EventBatch(first), following.membership)
    }

    private func waitUntilKnown(_ watch: PresenceWatch, _ isolation: isolated LoopIsolation) async throws {
        let loop = loop
        // SAFETY: both are accessed only on the loop.
        nonisolated(unsafe) let waiter = LoopWaiter(loop: loop)
        nonisolated(unsafe) var failure: (any Error)?
        watch.whenKnown { error in
            loop.execute {
                unsafe failure = error
                unsafe waiter.wake()
            }
        }
        guard await unsafe waiter.waitUnlessCancelled(isolation) else { throw CancellationError() }
        if let failure = unsafe failure { throw failure }
    }

    func unfollow(_ group: String, in table: PresenceTable) {
        guard let subscriptions, let following = subscriptions.presences.unfollow(group, in: table) else { return }
        subscriptions.queue.removeAll(of: following.membership)
        following.end()
        hasEvents = !subscriptions.queue.isEmpty
        // Forward the events that were queued after its changes.
        if hasEvents, !isAwake { passOn() }
    }

    /// Returns the change in `event`, or nil if it has none.
    func change<Meta: Codable & Sendable>(_ type: Meta.Type, _ event: LayerEvent) -> PresenceChange<Meta>? {
        guard let event = event.attachment as? PresenceView.SharedReport else { return nil }
        let (change, unreadable) = event.change(type)
        if unreadable > 0 {
            ignore(
                "\(unreadable) presence members whose metadata cannot be decoded as \(type).", of: "presence")
        }
        return change
    }
}

/// The presences that a consumer is tracked in or follows. Loop-bound.
struct ConsumerPresences {
    private var tracked: [(table: PresenceTable, entry: PresenceEntry)] = []
    private var followed: [(table: PresenceTable, following: PresenceSubscription)] = []

    // MARK: Tracking

    func entry(_ group: String, in table: PresenceTable) -> PresenceEntry? {
        index(group, in: table).map { tracked[$0].entry }
    }

    /// Stores `entry`, and returns the entry that it replaces.
    mutating func track(_ entry: PresenceEntry, in table: PresenceTable) -> PresenceEntry? {
        let old = untrack(entry.group, in: table)
        tracked.append((table, entry))
        return old
    }

    mutating func untrack(_ group: String, in table: PresenceTable) -> PresenceEntry? {
        index(group, in: table).map { tracked.remove(at: $0).entry }
    }

    private func index(_ group: String, in table: PresenceTable) -> Int? {
        tracked.firstIndex { $0.table === table && $0.entry.group == group }
    }

    // MARK: Following

    mutating func follow(_ following: PresenceSubscription, in table: PresenceTable) {
        followed.append((table, following))
    }

    mutating func unfollow(_ group: String, in table: PresenceTable) -> PresenceSubscription? {
        followed.firstIndex { $0.table === table && $0.following.watch.group == group }
            .map { followed.remove(at: $0).following }
    }

    // MARK: The end

    /// Leaves all presences and stops following.
    mutating func end() {
        for (table, entry) in tracked { table.leave(entry) }
        for (_, following) in followed { following.end() }
        tracked = []
        followed = []
    }
}
