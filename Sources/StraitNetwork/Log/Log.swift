internal import Glibc

/// A log of the framework or of an application: a line for each entry, on standard error unless another handler is given.
///
/// ```swift
/// log.info("order placed", metadata: ["order": "\(order.id)", "customer": "\(name)"])
/// ```
///
/// writes `2026-11-21 04:37:00 INFO order placed order=17 customer="Jane Doe"`. Put values that clients chose into the
/// metadata: there they have quotation marks and escapes, so that none looks like another key.
///
/// The calls are those of swift-log's `Logger`. A log is a value; a copy with metadata of its own adds it to each line:
///
/// ```swift
/// var log = request.log
/// log[metadataKey: "user"] = "\(user.id)"
/// ```
///
/// It is one reference, so that a log with metadata costs its holder eight bytes.
public struct Log: Sendable {
    public typealias Level = LogLevel
    public typealias Message = String
    public typealias Metadata = LogMetadata
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

    /// Hands entries of at least `level` to `handler`, on the thread on which they are made: to another logging library,
    /// or to a format of its own. The handler must not wait: on an event loop, all connections of the loop would wait.
    public init(level: LogLevel = .info, handler: @escaping @Sendable (LogRecord) -> Void) {
        storage = Storage(level, [:], handler)
    }

    /// Writes lines of at least `level` to standard error: `2026-11-21 04:37:00 WARNING text key=value`. An entry is one
    /// line of at most 4,096 bytes.
    public init(level: LogLevel = .info) {
        self.init(level: level) { record in
            let start = "\(Log.timestamp()) \("\(record.level)".uppercased()) "
            LineOutput.standardError.write(start + record.text(limit: LineOutput.longestLine - start.utf8.count - 1))
        }
    }

    /// Hands lines of at least `level` to `sink`, on the thread on which they are made: the text, then the metadata as
    /// `key=value`, without control characters.
    public init(level: LogLevel, sink: @escaping @Sendable (LogLevel, String) -> Void) {
        self.init(level: level) { record in sink(record.level, record.text) }
    }

    /// Entries below this level are not made.
    public var logLevel: LogLevel {
        get { storage.level }
        set { storage = Storage(newValue, storage.metadata, storage.handler) }
    }

    /// The metadata of every entry of this log.
    public var metadata: LogMetadata {
        get { storage.metadata }
        set { storage = Storage(storage.level, newValue, storage.handler) }
    }

    /// The value of `key` in the metadata of every entry of this log; nil if there is none.
    public subscript(metadataKey key: String) -> LogMetadata.Value? {
        get { storage.metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Makes an entry of `level`. Message and metadata are only made if entries of the level are.
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
