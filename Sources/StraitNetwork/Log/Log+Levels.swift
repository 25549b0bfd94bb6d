/// A method for each level, as swift-log's `Logger` has them.
extension Log {
    /// Makes an entry for following the program step by step.
    public func trace(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .trace, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Makes an entry for finding faults.
    public func debug(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .debug, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Makes an entry about normal operation.
    public func info(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .info, message(), metadata: metadata(), source: source(), file: file, function: function, line: line)
    }

    /// Makes an entry about something normal that deserves attention.
    public func notice(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .notice, message(), metadata: metadata(), source: source(), file: file, function: function,
            line: line)
    }

    /// Makes an entry about something that may need a change, and after which the program goes on.
    public func warning(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .warning, message(), metadata: metadata(), source: source(), file: file, function: function,
            line: line)
    }

    /// Makes an entry about a failure.
    public func error(
        _ message: @autoclosure () -> String, metadata: @autoclosure () -> LogMetadata? = nil,
        source: @autoclosure () -> String? = nil, file: String = #fileID, function: String = #function,
        line: UInt = #line
    ) {
        log(
            level: .error, message(), metadata: metadata(), source: source(), file: file, function: function, line: line
        )
    }

    /// Makes an entry about a failure that needs attention at once.
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
