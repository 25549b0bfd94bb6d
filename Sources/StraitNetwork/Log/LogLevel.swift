/// The importance of a log entry. The levels are swift-log's, which include all of Python's and Django's.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
    case trace, debug, info, notice, warning, error, critical

    /// Creates the level with this name in upper or lower case. The result is nil if there is none.
    public init?(_ name: String) {
        guard let level = Self.allCases.first(where: { "\($0)" == name.lowercased() }) else { return nil }
        self = level
    }

    /// Whether the left level is less important than the right one.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}
