internal import Glibc

/// A log of the framework or of an application. Each entry is one line on standard error, unless you set another
/// handler.
///
/// ```swift
/// log.info("order placed", metadata: ["order": "\(order.id)", "customer": "\(name)"])
/// ```
///
/// This writes `2026-11-21 04:37:00 INFO order placed order=17 customer="Jane Doe"`. Put values that clients chose into
/// the metadata. They are quoted and escaped there, so that a value cannot pass for another key.
///
/// The methods are those of swift-log's `Logger`. A log is a value: metadata that you add to a copy appears in each
/// entry of that copy.
///
/// ```swift
/// var log = request.log
/// log[metadataKey: "user"] = "\(user.id)"
/// ```
///
/// A log is a single reference, so a log with metadata takes only eight bytes in its holder.
public struct Log: Sendable {
    /// swift-log's name for ``LogLevel``.
    public typealias Level = LogLevel
    /// swift-log's name for the text of an entry.
    public typealias Message = String
    /// swift-log's name for ``LogMetadata``.
    public typealias Metadata = LogMetadata
    /// swift-log's name for ``LogMetadata/Value``.
    public typealias MetadataValue = LogMetadata.Value

    private var storage: Storage

    private final class Storage: Sendable {
        let level: LogLevel
        let metadata: LogMetadata
        let handler: @Sendable (LogRecord) -> Void

        init(_ level: LogLevel, _ metadata: LogMetadata, _ handler: @escaping @Sendable (LogRecord) -> Void) {
            self.level = level
            self.metadata = metadata
            self.handler = handler
        }
    }

    /// Creates a log that passes entries of at least `level` to `handler`, for example to another logging library.
    ///
    /// The handler runs on the thread that logs. It must not wait: on an event loop, all connections of the loop would
    /// wait too.
    public init(level: LogLevel = .info, handler: @escaping @Sendable (LogRecord) -> Void) {
        storage = Storage(level, [:], handler)
    }

    /// Creates a log that writes entries of at least `level` to standard error:
    /// `2026-11-21 04:37:00 WARNING text key=value`. An entry is one line of at most 4,096 bytes.
    public init(level: LogLevel = .info) {
        self.init(level: level) { record in
            let start = "\(Log.timestamp()) \("\(record.level)".uppercased()) "
            LineOutput.standardError.write(start + record.text(limit: LineOutput.longestLine - start.utf8.count - 1))
        }
    }

    /// Creates a log that passes entries of at least `level` to `sink` as text, on the thread that logs. The text is
    /// the message, followed by the metadata as `key=value`, without control characters.
    public init(level: LogLevel, sink: @escaping @Sendable (LogLevel, String) -> Void) {
        self.init(level: level) { record in sink(record.level, record.text) }
    }

    /// The lowest level of entries that are logged.
    public var logLevel: LogLevel {
        get { storage.level }
        set { storage = Storage(newValue, storage.metadata, storage.handler) }
    }

    /// The metadata of every entry of this log.
    public var metadata: LogMetadata {
        get { storage.metadata }
        set { storage = Storage(storage.level, newValue, storage.handler) }
    }

    /// The value of `key` in the metadata of every entry of this log, or nil if there is none.
    public subscript(metadataKey key: String) -> LogMetadata.Value? {
        get { storage.metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Logs an entry. The message and the metadata are evaluated only if entries of `level` are logged.
    public func log(
        level: LogLevel, _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        guard level >= storage.level else { return }
        let own = storage.metadata
        storage.handler(
            LogRecord(
                level: level, message: message(), metadata: metadata().map { own.merging($0) } ?? own,
                source: source() ?? String(file.prefix { $0 != "/" }), file: file, function: function, line: line))
    }

    private static func timestamp() -> String {
        LocalTime.text(Int64(time(nil)), format: "%Y-%m-%d %H:%M:%S")
    }
}

/// One method for each level, as in swift-log's `Logger`.
extension Log {
    /// Logs a step of the program, for tracing.
    public func trace(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .trace, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Logs details that help to find errors.
    public func debug(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .debug, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Logs normal operation.
    public func info(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .info, message(), metadata: metadata(), source: source(), file: file, function: function, line: line)
    }

    /// Logs a normal event that deserves attention.
    public func notice(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .notice, message(), metadata: metadata(), source: source(), file: file, function: function,
            line: line)
    }

    /// Logs a problem that does not stop the program but may need a change.
    public func warning(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .warning, message(), metadata: metadata(), source: source(), file: file, function: function,
            line: line)
    }

    /// Logs a failure.
    public func error(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .error, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Logs a failure that needs immediate attention.
    public func critical(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .critical, message(), metadata: metadata(), source: source(), file: file, function: function,
            line: line)
    }
}

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
