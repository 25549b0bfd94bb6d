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

/// Glob patterns as in Python's `fnmatch`: `*`, `?`, `[abc]`, `[a-z]` and `[!a-z]`.
enum Glob {
    /// Whether `pattern` matches the whole of `text`. The time is at most proportional to the product of their lengths.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let pattern = Array(pattern.unicodeScalars)
        let text = Array(text.unicodeScalars)
        var (p, t) = (0, 0)
        // The position of the last star, and the position in the text that it was last matched up to.
        var star: (pattern: Int, text: Int)?
        while t < text.count {
            if p < pattern.count, pattern[p] == "*" {
                star = (p, t)
                p += 1
            } else if p < pattern.count, let next = step(pattern, p, text[t]) {
                p = next
                t += 1
            } else if let last = star {
                star = (last.pattern, last.text + 1)
                p = last.pattern + 1
                t = last.text + 1
            } else {
                return false
            }
        }
        return pattern[p...].allSatisfy { $0 == "*" }
    }

    /// Matches one scalar against the pattern element at `p`. Returns the position after the element, or nil if it does
    /// not match.
    private static func step(_ pattern: [Unicode.Scalar], _ p: Int, _ scalar: Unicode.Scalar) -> Int? {
        switch pattern[p] {
        case "?": return p + 1
        case "[":
            // An unclosed bracket matches itself. A closing bracket right after the opening one is a member of the set.
            var end = p + 1
            if end < pattern.count, pattern[end] == "!" { end += 1 }
            if end < pattern.count, pattern[end] == "]" { end += 1 }
            while end < pattern.count, pattern[end] != "]" { end += 1 }
            guard end < pattern.count else { return scalar == "[" ? p + 1 : nil }
            let isNegated = pattern[p + 1] == "!"
            let members = pattern[(isNegated ? p + 2 : p + 1)..<end]
            return contains(members, scalar) != isNegated ? end + 1 : nil
        default: return pattern[p] == scalar ? p + 1 : nil
        }
    }

    private static func contains(_ members: ArraySlice<Unicode.Scalar>, _ scalar: Unicode.Scalar) -> Bool {
        var index = members.startIndex
        while index < members.endIndex {
            if index + 2 < members.endIndex, members[index + 1] == "-" {
                if members[index] <= scalar, scalar <= members[index + 2] { return true }
                index += 3
            } else {
                if members[index] == scalar { return true }
                index += 1
            }
        }
        return false
    }
}
