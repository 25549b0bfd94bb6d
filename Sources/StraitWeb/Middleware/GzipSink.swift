internal import StraitCompression
internal import StraitNetwork
internal import StraitRouting

/// Compresses what is written to it, and writes that on. An actor, as a response may be written from anywhere.
actor GzipSink: ResponseBodySink {
    private let writer: ResponseBodyWriter
    private var encoder: GzipEncoder

    init(_ writer: ResponseBodyWriter, level: Int, nameLength: Int) throws(CompressionError) {
        self.writer = writer
        encoder = try GzipEncoder(level: level, nameLength: nameLength)
    }

    nonisolated(nonsending) func write(_ bytes: Bytes) async throws {
        try await writer.write(await compress(bytes))
    }

    nonisolated(nonsending) func finish() async throws {
        try await writer.write(await end())
    }

    private func compress(_ bytes: Bytes) -> Bytes {
        var output = ByteBuffer()
        encoder.compress(bytes.span, into: &output)
        return output.freeze()
    }

    private func end() -> Bytes {
        var output = ByteBuffer()
        encoder.finish(into: &output)
        return output.freeze()
    }
}
