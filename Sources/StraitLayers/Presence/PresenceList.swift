/// Who is present: all of them where they are not too many, else a sample.
public struct PresenceList<Meta: Codable & Sendable>: Codable, Sendable {
    /// How many keys are there.
    public var count: Int
    /// The keys and what is said of each; some of them where ``isExact`` is false.
    public var members: [String: Meta]
    /// Whether ``members`` are all that are there.
    public var isExact: Bool

    /// Nobody, unless told otherwise.
    public init(count: Int = 0, members: [String: Meta] = [:], isExact: Bool = true) {
        self.count = count
        self.members = members
        self.isExact = isExact
    }

    /// Takes in what somebody who follows was told. What is told from the first change on always adds up to who is
    /// there.
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
