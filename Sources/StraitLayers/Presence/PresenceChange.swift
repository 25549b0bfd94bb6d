/// A change that a follower of a ``Presence`` receives.
///
/// Browsers receive it as JSON, which a `JSONConsumer` can also send and a communicator can read:
///
/// - `{"type": "presence.state", "count": 2, "isExact": true, "members": {"Ann": …, "Bob": …}}`
/// - `{"type": "presence.diff", "joins": {"Cleo": …}, "leaves": {}, "updates": {}, "count": 3}`
/// - `{"type": "presence.count", "count": 1234}`
public enum PresenceChange<Meta: Codable & Sendable>: Codable, Sendable {
    /// The types in the JSON.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case state = "presence.state"
        case diff = "presence.diff"
        case many = "presence.count"
    }

    /// The current members; replaces everything received before. It is the first change that a follower receives. It is
    /// sent again if the group grows above or shrinks below its exact limit, or if single changes were lost. Phoenix's
    /// `presence_state`.
    case state(PresenceList<Meta>)
    /// The members that joined, left or changed their metadata. Only for groups within their exact limit. Phoenix's
    /// `presence_diff`.
    case diff(Diff)
    /// The current count of a group above its exact limit, at most about once a second.
    case many(count: Int)
}

extension PresenceChange: Equatable where Meta: Equatable {}

extension PresenceChange {
    /// The members that joined, left or changed their metadata: Phoenix's `presence_diff`. A key is in at most one of
    /// the three dictionaries.
    public struct Diff: Codable, Sendable {
        /// The keys that joined, with their metadata.
        public var joins: [String: Meta]
        /// The keys that left, with their last metadata.
        public var leaves: [String: Meta]
        /// The keys whose metadata changed, with the new metadata.
        public var updates: [String: Meta]
        /// The number of keys after the change.
        public var count: Int

        /// Creates a diff. Joins, leaves and updates are empty by default.
        public init(
            joins: [String: Meta] = [:], leaves: [String: Meta] = [:], updates: [String: Meta] = [:], count: Int
        ) {
            self.joins = joins
            self.leaves = leaves
            self.updates = updates
            self.count = count
        }
    }
}

extension PresenceChange.Diff: Equatable where Meta: Equatable {}

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
