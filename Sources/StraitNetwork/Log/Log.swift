internal import Glibc
internal import Synchronization

/// How much a log line matters. Django's and Python's five levels.
public enum LogLevel: Int, Sendable, Comparable, CaseIterable {
    case debug, info, warning, error, critical

    /// The level of this name, in any case, or nil where there is none.
    public init?(_ name: String) {
        guard let level = Self.allCases.first(where: { "\($0)" == name.lowercased() }) else { return nil }
        self = level
    }

    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rawValue < right.rawValue }
}

/// Where the framework and its applications say what happened: a line each, to standard error unless a test listens.
public final class Log: Sendable {
    /// Lines below this level are not made.
    public let level: LogLevel
    private let sink: @Sendable (LogLevel, String) -> Void

    /// Writes lines of at least `level` to standard error: `2026-11-21 04:37:00 WARNING text`.
    public init(level: LogLevel = .info) {
        self.level = level
        sink = { level, text in
            LineOutput.standardError.write("\(Log.timestamp()) \("\(level)".uppercased()) \(text)")
        }
    }

    /// Hands lines of at least `level` to `sink`, on whatever thread they are made.
    public init(level: LogLevel, sink: @escaping @Sendable (LogLevel, String) -> Void) {
        self.level = level
        self.sink = sink
    }

    public func debug(_ text: @autoclosure () -> String) { write(.debug, text) }
    public func info(_ text: @autoclosure () -> String) { write(.info, text) }
    public func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    public func error(_ text: @autoclosure () -> String) { write(.error, text) }

    private func write(_ level: LogLevel, _ text: () -> String) {
        if level >= self.level { sink(level, text()) }
    }

    private static func timestamp() -> String {
        LocalTime.text(Int64(time(nil)), format: "%Y-%m-%d %H:%M:%S")
    }
}
