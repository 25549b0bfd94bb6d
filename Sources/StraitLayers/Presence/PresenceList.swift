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
