internal import StraitCompression
internal import StraitNetwork
internal import StraitRouting
internal import Synchronization

/// Compresses the bytes written to it and writes the result to `writer`.
final class GzipSink: ResponseBodySink {
    private let writer: ResponseBodyWriter
    // A response has one writer at a time, so the lock is never contended.
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
