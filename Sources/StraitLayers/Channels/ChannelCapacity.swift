/// The maximum number of messages queued in a channel: Channels' `capacity` and `channel_capacity`.
public struct ChannelCapacity: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// The capacity of channels that match no pattern. 100 by default.
    public var standard: Int
    /// Glob patterns for channel names (`http.*`, `thumb?`, `[ab]*`) with their capacities. The first match counts.
    public var patterns: [(glob: String, capacity: Int)]

    /// Creates a capacity of `standard` messages, with other capacities for channels that match a glob pattern.
    public init(_ standard: Int = 100, _ patterns: KeyValuePairs<String, Int> = [:]) {
        self.standard = standard
        self.patterns = patterns.map { ($0.key, $0.value) }
    }

    /// Creates a capacity that is the same for all channels.
    public init(integerLiteral standard: Int) { self.init(standard) }

    /// The maximum number of messages queued in `channel`.
    public subscript(channel: String) -> Int {
        for (glob, capacity) in patterns where Glob.matches(glob, channel) { return capacity }
        return standard
    }

    /// Whether both have the same standard capacity and the same patterns in the same order.
    public static func == (left: ChannelCapacity, right: ChannelCapacity) -> Bool {
        left.standard == right.standard && left.patterns.elementsEqual(right.patterns, by: ==)
    }

    /// Hashes the standard capacity and the patterns.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(standard)
        for (glob, capacity) in patterns {
            hasher.combine(glob)
            hasher.combine(capacity)
        }
    }
}
