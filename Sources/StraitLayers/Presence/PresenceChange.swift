/// What whoever follows a ``Presence`` is told.
///
/// To a browser it is JSON, which a `JSONConsumer` may send too and a communicator can read:
///
/// - `{"type": "presence.state", "count": 2, "isExact": true, "members": {"Ann": …, "Bob": …}}`
/// - `{"type": "presence.diff", "joins": {"Cleo": …}, "leaves": {}, "updates": {}, "count": 3}`
/// - `{"type": "presence.count", "count": 1234}`
public enum PresenceChange<Meta: Codable & Sendable>: Codable, Sendable {
    /// Names the types of the JSON.
    enum CodingKeys: String, CodingKey, CaseIterable {
        case state = "presence.state"
        case diff = "presence.diff"
        case many = "presence.count"
    }

    /// Who is there, from scratch: the first that is told, and again where the group becomes too large to be told of
    /// exactly, or small enough again, or where what happened could not be told one by one. Phoenix' `presence_state`.
    case state(PresenceList<Meta>)
    /// Who came, who went, and who has other metadata; of a group that is told of exactly. Phoenix' `presence_diff`.
    case diff(PresenceDiff<Meta>)
    /// How many are there now, of a group that is larger than that; about once a second at most.
    case many(count: Int)
}

extension PresenceChange: Equatable where Meta: Equatable {}
