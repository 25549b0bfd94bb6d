internal import Synchronization

/// A change in transit to the followers of this process. Its metadata is decoded once for all of them.
package final class PresenceEvent: Sendable {
    package let update: PresenceUpdate
    private let made = Mutex<(change: any Sendable, unreadable: Int)?>(nil)

    init(_ update: PresenceUpdate) {
        self.update = update
    }

    /// Decodes the change. Also returns the number of keys that were left out because their metadata is not a `Meta`.
    package func change<Meta: Codable & Sendable>(
        _ type: Meta.Type
    ) -> (change: PresenceChange<Meta>, unreadable: Int) {
        made.withLock { made in
            if let ready = made, let change = ready.change as? PresenceChange<Meta> {
                return (change, ready.unreadable)
            }
            let new = Self.read(update, as: type)
            made = new
            return new
        }
    }

    private static func read<Meta: Codable & Sendable>(
        _ update: PresenceUpdate, as type: Meta.Type
    ) -> (change: PresenceChange<Meta>, unreadable: Int) {
        switch update {
        case .many(let count): return (.many(count: count), 0)
        case .state(let count, let members, let isExact):
            let members = PresenceCoding.decode(type, members)
            let list = PresenceList(
                count: count, members: members.read, isExact: isExact && members.unreadable == 0)
            return (.state(list), members.unreadable)
        case .diff(let joins, let leaves, let updates, let count):
            let (joins, leaves, updates) = (
                PresenceCoding.decode(type, joins), PresenceCoding.decode(type, leaves),
                PresenceCoding.decode(type, updates)
            )
            let diff = PresenceDiff(joins: joins.read, leaves: leaves.read, updates: updates.read, count: count)
            return (.diff(diff), joins.unreadable + leaves.unreadable + updates.unreadable)
        }
    }
}
