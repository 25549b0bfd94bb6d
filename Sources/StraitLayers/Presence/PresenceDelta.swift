/// One change of who is in a group, as a store tells it to the processes that watch. A key is in one of the three lists
/// at most.
package struct PresenceDelta: Sendable, Hashable {
    /// The group's version before and after. Versions grow, by whatever steps.
    package let since: UInt64
    package let version: UInt64
    /// Keys whose first entry came.
    package let joins: [PresenceRecord]
    /// Keys whose last entry went.
    package let leaves: [String]
    /// Keys that stay, with other metadata than before.
    package let updates: [PresenceRecord]
    /// How many keys there are after it.
    package let count: Int

    package init(
        since: UInt64, version: UInt64, joins: [PresenceRecord] = [], leaves: [String] = [],
        updates: [PresenceRecord] = [], count: Int
    ) {
        self.since = since
        self.version = version
        self.joins = joins
        self.leaves = leaves
        self.updates = updates
        self.count = count
    }
}
