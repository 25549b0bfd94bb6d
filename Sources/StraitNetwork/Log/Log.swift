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

    /// Hands lines of at least `level` to `sink`, on whatever thread they are made. Control characters are escaped by then.
    public init(level: LogLevel, sink: @escaping @Sendable (LogLevel, String) -> Void) {
        self.level = level
        self.sink = sink
    }

    public func debug(_ text: @autoclosure () -> String) { write(.debug, text) }
    public func info(_ text: @autoclosure () -> String) { write(.info, text) }
    public func warning(_ text: @autoclosure () -> String) { write(.warning, text) }
    public func error(_ text: @autoclosure () -> String) { write(.error, text) }

    private func write(_ level: LogLevel, _ text: () -> String) {
        if level >= self.level { sink(level, Self.escaped(text())) }
    }

    /// `text` as one line: control characters and line separators are written as Swift's escapes. Lines hold what clients
    /// chose, paths for instance, and those must not write lines of their own, or speak to a terminal.
    private static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var line = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": line += #"\n"#
            case "\r": line += #"\r"#
            case "\t": line += #"\t"#
            case _ where isControl(scalar): line += #"\u{\#(String(scalar.value, radix: 16))}"#
            default: line.unicodeScalars.append(scalar)
            }
        }
        return line
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0..<0x20, 0x7F..<0xA0, 0x2028, 0x2029: true
        default: false
        }
    }

    private static func timestamp() -> String {
        LocalTime.text(Int64(time(nil)), format: "%Y-%m-%d %H:%M:%S")
    }
}
