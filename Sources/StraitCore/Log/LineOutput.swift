internal import Glibc
internal import Synchronization

/// A descriptor for log lines that any thread writes to without waiting.
///
/// If the reader of a pipe falls behind, lines are dropped and counted. A line with their number follows when the
/// reader catches up.
///
/// An event loop writes its own log lines. If it waited for the reader, all its connections would wait too.
package final class LineOutput: Sendable {
    /// The maximum length of a line in bytes. A pipe accepts up to this many bytes atomically (`PIPE_BUF`). Longer
    /// lines are cut off.
    package static let longestLine = 4096
    package static let standardOutput = LineOutput(descriptor: STDOUT_FILENO)
    package static let standardError = LineOutput(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    /// The number of lines that were dropped since the last written line.
    private let dropped = Atomic<Int>(0)
    private let droppedInAll = Atomic<Int>(0)

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// The number of dropped lines that have not been reported yet.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// The number of dropped lines since the process started.
    package var droppedTotal: Int { droppedInAll.load(ordering: .relaxed) }

    /// The numbers of dropped lines of the log and the access log.
    static var metrics: [Metric] {
        [("stderr", standardError), ("stdout", standardOutput)].map { name, output in
            Metric(
                .counter, "strait_log_lines_dropped_total",
                help: "Log lines that were dropped because their reader fell behind.", labels: ["output": name],
                value: output.droppedTotal)
        }
    }

    /// Writes `line` and a line feed in one call, so that lines of several threads do not mix. Drops the line if the
    /// reader is behind.
    package func write(_ line: String) {
        guard isReady else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            droppedInAll.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let lost = dropped.exchange(0, ordering: .relaxed)
        if lost > 0 { put("\(lost) log \(lost == 1 ? "line was" : "lines were") dropped: the reader fell behind.") }
        put(line)
    }

    /// Writes all of `text` and a line feed, and waits for the reader if necessary. For commands, which do not run on a
    /// loop.
    package func writeWhole(_ text: String) {
        var bytes = ByteBuffer(capacity: text.utf8.count + 1)
        bytes.append(text)
        bytes.append(UInt8(ascii: "\n"))
        put(bytes.span)
    }

    /// Whether a line can be written now without waiting; always true for files.
    private var isReady: Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        return unsafe poll(&request, 1, 0) == 1 && request.revents & Int16(POLLOUT) != 0
    }

    private func put(_ line: String) {
        var bytes = ByteBuffer(capacity: min(line.utf8.count + 1, Self.longestLine))
        if line.utf8.count < Self.longestLine {
            bytes.append(line)
        } else {
            bytes.append(String(decoding: line.utf8.prefix(Self.longestLine - 4), as: UTF8.self))
            if bytes.count > Self.longestLine - 4 { bytes.removeLast(bytes.count - (Self.longestLine - 4)) }
            bytes.append("...")
        }
        bytes.append(UInt8(ascii: "\n"))
        put(bytes.span)
    }

    private func put(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { raw in
            guard let first = raw.baseAddress else { return }
            var start = 0
            while start < raw.count {
                let written = unsafe Glibc.write(descriptor, first + start, raw.count - start)
                if written < 0, errno == EINTR { continue }
                // There is no other place to report that the log cannot be written.
                if written <= 0 { return }
                start += written
            }
        }
    }
}
