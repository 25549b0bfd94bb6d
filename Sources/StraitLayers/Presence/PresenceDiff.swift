/// Who came and who went: Phoenix' `presence_diff`. A key is in one of the three at most.
public struct PresenceDiff<Meta: Codable & Sendable>: Codable, Sendable {
    /// Keys that are there now and were not before.
    public var joins: [String: Meta]
    /// Keys that are gone, with what was said of them last.
    public var leaves: [String: Meta]
    /// Keys that are there still and of which something else is said now.
    public var updates: [String: Meta]
    /// How many keys are there now.
    public var count: Int

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
