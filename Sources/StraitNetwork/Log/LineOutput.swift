internal import Glibc
internal import Synchronization

/// A descriptor that lines are written to, from any thread, without ever waiting: where nobody reads, as behind a pipe
/// whose reader stands still, lines are dropped and counted, and a line says how many once it reads again.
///
/// An event loop writes its own log lines. One that waited for a reader would keep all its connections waiting.
package final class LineOutput: Sendable {
    /// What goes into a pipe at once or not at all (`PIPE_BUF`); longer lines are cut off.
    package static let longestLine = 4096
    package static let standardOutput = LineOutput(descriptor: STDOUT_FILENO)
    package static let standardError = LineOutput(descriptor: STDERR_FILENO)

    private let descriptor: Int32
    /// The lines that were dropped since the last one that was written.
    private let dropped = Atomic<Int>(0)
    private let droppedInAll = Atomic<Int>(0)

    package init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// How many lines were dropped and not reported yet.
    package var droppedCount: Int { dropped.load(ordering: .relaxed) }

    /// The number of lines that were dropped.
    package var droppedTotal: Int { droppedInAll.load(ordering: .relaxed) }

    /// The lines of the log and the access log that were dropped.
    static var metrics: [Metric] {
        [("stderr", standardError), ("stdout", standardOutput)].map { name, output in
            Metric(
                .counter, "strait_log_lines_dropped_total",
                help: "Log lines that were dropped because their reader did not take them.", labels: ["output": name],
                value: output.droppedTotal)
        }
    }

    /// Writes `line` and a line feed with one call, so that lines of several threads do not mix.
    package func write(_ line: String) {
        guard isReady else {
            dropped.wrappingAdd(1, ordering: .relaxed)
            droppedInAll.wrappingAdd(1, ordering: .relaxed)
            return
        }
        let lost = dropped.exchange(0, ordering: .relaxed)
        if lost > 0 { put("\(lost) \(lost == 1 ? "line was" : "lines were") dropped here, as nobody read them.") }
        put(line)
    }

    /// Writes `text` and a line feed, whole, waiting for the reader where there is one. For commands, which run on no loop.
    package func writeWhole(_ text: String) {
        var bytes = ByteBuffer(capacity: text.utf8.count + 1)
        bytes.append(text)
        bytes.append(UInt8(ascii: "\n"))
        put(bytes.span)
    }

    /// Whether a line can be written now without waiting. Files always can be.
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
            var start = 0
            while start < raw.count {
                let written = unsafe Glibc.write(descriptor, raw.baseAddress! + start, raw.count - start)
                if written < 0, errno == EINTR { continue }
                // A log that cannot be written has nowhere to say so.
                if written <= 0 { return }
                start += written
            }
        }
    }
}
