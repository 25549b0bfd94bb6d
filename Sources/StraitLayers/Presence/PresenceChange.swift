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
