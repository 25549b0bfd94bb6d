/// How many messages may wait in a channel: Channels' `capacity` and `channel_capacity`.
public struct ChannelCapacity: Sendable, Hashable, ExpressibleByIntegerLiteral {
    /// What holds where no pattern does. 100.
    public var standard: Int
    /// Patterns of names as of files (`http.*`, `thumb?`, `[ab]*`), and what holds for the channels that match; the first
    /// one that does counts.
    public var patterns: [(glob: String, capacity: Int)]

    public init(_ standard: Int = 100, _ patterns: KeyValuePairs<String, Int> = [:]) {
        self.standard = standard
        self.patterns = patterns.map { ($0.key, $0.value) }
    }

    public init(integerLiteral standard: Int) { self.init(standard) }

    /// How many messages may wait in `channel`.
    public subscript(channel: String) -> Int {
        for (glob, capacity) in patterns where Glob.matches(glob, channel) { return capacity }
        return standard
    }

    public static func == (left: ChannelCapacity, right: ChannelCapacity) -> Bool {
        left.standard == right.standard && left.patterns.elementsEqual(right.patterns, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(standard)
        for (glob, capacity) in patterns {
            hasher.combine(glob)
            hasher.combine(capacity)
        }
    }
}
