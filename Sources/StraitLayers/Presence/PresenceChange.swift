package import StraitCore
import StraitJSON
internal import Synchronization

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
    case diff(PresenceDiff<Meta>)
    /// The current count of a group above its exact limit, at most about once a second.
    case many(count: Int)
}

extension PresenceChange: Equatable where Meta: Equatable {}

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

/// The members that joined, left or changed their metadata: Phoenix's `presence_diff`. A key is in at most one of the
/// three dictionaries.
public struct PresenceDiff<Meta: Codable & Sendable>: Codable, Sendable {
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

extension PresenceDiff: Equatable where Meta: Equatable {}

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

/// A notification from a store to the watch of a group.
package enum PresenceNews: Sendable {
    /// The watch is established, and every later change will be reported. Sent again after each reconnection. The
    /// receiver reads a snapshot to learn of earlier changes.
    case began
    /// The group changed.
    case changed(PresenceDelta)
    /// The watch could not be established yet, so callers that wait for it should fail. The store keeps retrying.
    case failed(any Error)
}

/// An update for the followers of a group in this process: a ``PresenceChange`` with undecoded metadata.
package enum PresenceUpdate: Sendable, Hashable {
    case state(count: Int, members: [PresenceRecord], isExact: Bool)
    case diff(joins: [PresenceRecord], leaves: [PresenceRecord], updates: [PresenceRecord], count: Int)
    case many(count: Int)

    /// The JSON that browsers receive.
    package var json: Bytes {
        var text = ByteBuffer(capacity: 256)
        switch self {
        case .state(let count, let members, let isExact):
            text.append("{\"type\":\"presence.state\",\"count\":")
            text.append("\(count)")
            text.append(isExact ? ",\"isExact\":true" : ",\"isExact\":false")
            Self.append(members, as: ",\"members\":", to: &text)
        case .diff(let joins, let leaves, let updates, let count):
            text.append("{\"type\":\"presence.diff\"")
            Self.append(joins, as: ",\"joins\":", to: &text)
            Self.append(leaves, as: ",\"leaves\":", to: &text)
            Self.append(updates, as: ",\"updates\":", to: &text)
            text.append(",\"count\":")
            text.append("\(count)")
        case .many(let count):
            text.append("{\"type\":\"presence.count\",\"count\":")
            text.append("\(count)")
        }
        text.append("}")
        return text.freeze()
    }

    private static func append(_ records: [PresenceRecord], as name: StaticString, to text: inout ByteBuffer) {
        text.append(name)
        var separator = UInt8(ascii: "{")
        for record in records {
            text.append(separator)
            text.append(json: record.key)
            text.append(UInt8(ascii: ":"))
            text.append(record.meta)
            separator = UInt8(ascii: ",")
        }
        if records.isEmpty { text.append(separator) }
        text.append(UInt8(ascii: "}"))
    }
}
