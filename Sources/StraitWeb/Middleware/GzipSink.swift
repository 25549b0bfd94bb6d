internal import StraitCompression
internal import StraitNetwork
internal import StraitRouting
internal import Synchronization

/// Compresses what is written to it, and writes that on.
final class GzipSink: ResponseBodySink {
    private let writer: ResponseBodyWriter
    // One writes at a time, so that nobody waits here; who writes, and where, is the response's affair.
    private let encoder: Mutex<GzipEncoder>

    init(_ writer: ResponseBodyWriter, level: Int, nameLength: Int) throws(CompressionError) {
        self.writer = writer
        encoder = Mutex(try GzipEncoder(level: level, nameLength: nameLength))
    }

    nonisolated(nonsending) func write(_ bytes: Bytes) async throws {
        try await writer.write(
            encoder.withLock { encoder in
                var output = ByteBuffer()
                encoder.compress(bytes.span, into: &output)
                return output.freeze()
            })
    }

    nonisolated(nonsending) func finish() async throws {
        try await writer.write(
            encoder.withLock { encoder in
                var output = ByteBuffer()
                encoder.finish(into: &output)
                return output.freeze()
            })
    }
}
