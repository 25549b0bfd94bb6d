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
