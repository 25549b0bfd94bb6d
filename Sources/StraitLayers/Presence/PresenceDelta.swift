/// A change of a group's members, as a store reports it to the processes that watch the group. A key is in at most one
/// of the three lists.
package struct PresenceDelta: Sendable, Hashable {
    /// The group's version before the change. Versions increase, but not always by one.
    package let since: UInt64
    /// The group's version after the change.
    package let version: UInt64
    /// Keys that got their first entry.
    package let joins: [PresenceRecord]
    /// Keys that lost their last entry.
    package let leaves: [String]
    /// Remaining keys whose metadata changed.
    package let updates: [PresenceRecord]
    /// The number of keys after the change.
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
