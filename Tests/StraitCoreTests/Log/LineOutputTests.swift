import Glibc
import Testing

@testable import StraitCore

@Suite struct LineOutputs {
    /// A pipe's ends: one for reading, and one for writing.
    private func pipe() -> (RawPipe, LineOutput) {
        var ends: [Int32] = [0, 0]
        _ = unsafe Glibc.pipe(&ends)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        return (RawPipe(reading: ends[0], writing: ends[1]), LineOutput(descriptor: ends[1]))
    }

    @Test func `lines that do not fit into the pipe are dropped and counted, and a later line reports them`() {
        let (pipe, output) = pipe()
        let line = String(repeating: "x", count: 1000)
        var written = 0
        while output.droppedCount == 0 {
            output.write(line)
            written += 1
        }
        output.write(line)
        #expect(output.droppedCount == 2)
        let kept = written - 1
        var text = ""
        while text.utf8.count < kept * 1001 { text += pipe.read() }
        output.write("again")
        text = ""
        while !text.hasSuffix("again\n") { text += pipe.read() }
        #expect(text == "2 log lines were dropped: the reader fell behind.\nagain\n")
        pipe.close()
    }

    @Test func `a line longer than the atomic write limit is truncated`() {
        let (pipe, output) = pipe()
        output.write(String(repeating: "é", count: 5000))
        let text = pipe.read()
        #expect(text.utf8.count <= LineOutput.longestLine && text.hasPrefix("éé") && text.hasSuffix("...\n"))
        pipe.close()
    }
}

private struct RawPipe {
    let reading: Int32
    let writing: Int32

    func read() -> String {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = unsafe Glibc.read(reading, &buffer, buffer.count)
        return String(decoding: buffer.prefix(max(0, count)), as: UTF8.self)
    }

    func close() {
        Glibc.close(reading)
        Glibc.close(writing)
    }
}
