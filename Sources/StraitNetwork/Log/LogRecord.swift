/// A log entry, as a handler receives it.
public struct LogRecord: Sendable {
    /// The importance of the entry.
    public let level: LogLevel
    /// The message as logged. It may have several lines; ``text`` has one.
    public let message: String
    /// The metadata of the log and of the call. For a key in both, the value of the call is used.
    public let metadata: LogMetadata
    /// The module of the call, unless the call names another source.
    public let source: String
    /// The file of the call, as `Module/File.swift`.
    public let file: String
    /// The function of the call.
    public let function: String
    /// The line of the call in its file.
    public let line: UInt

    /// The record as one line without control characters: the message, followed by each key of the metadata as
    /// `key=value`.
    public var text: String { text(limit: .max) }

    /// Returns the record as one line. If it exceeds `limit` bytes, the message is cut off. If the metadata alone takes
    /// half of the limit, nothing is cut off.
    package func text(limit: Int) -> String {
        var text = LogText.line(message)
        var details = ""
        for (key, value) in metadata.entries { details += " \(LogText.key(key))=\(LogText.value(value.description))" }
        if text.utf8.count + details.utf8.count > limit, details.utf8.count < limit / 2 {
            text = LogText.prefix(text, limit - details.utf8.count - 3) + "..."
        }
        return text + details
    }
}
