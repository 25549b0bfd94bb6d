/// One entry of a log, as a handler gets it.
public struct LogRecord: Sendable {
    public let level: LogLevel
    /// The text as it was given. It may have several lines; ``text`` is one.
    public let message: String
    /// The metadata of the log, then that of the call, whose values win.
    public let metadata: LogMetadata
    /// The module that the call is in, unless the call names another source.
    public let source: String
    /// The file of the call, as `Module/File.swift`.
    public let file: String
    public let function: String
    /// The line of the call in its file.
    public let line: UInt

    /// The record as one line without control characters: the text, then each key of the metadata as `key=value`.
    public var text: String { text(limit: .max) }

    /// The record as one line of at most `limit` bytes. If it is too long, the text is cut off, not the metadata.
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
