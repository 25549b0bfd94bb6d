internal import StraitCompression
internal import StraitCore
import StraitHTTP
public import StraitRouting
internal import Synchronization

/// Middleware that compresses text responses of at least 200 bytes if the client accepts gzip. Django's
/// `GZipMiddleware`.
///
/// Streams are compressed too. Files and responses with a `Content-Encoding` stay as they are.
public struct GZipMiddleware: StagedMiddleware {
    /// The application inside this middleware.
    public let inner: any Application
    private let compression: Stage
    package var stage: any MiddlewareStage { compression }

    /// The smallest body that is compressed, in bytes.
    static let least = 200

    /// Wraps `inner` in the compression.
    ///
    /// - Parameters:
    ///   - inner: The application whose responses are compressed.
    ///   - level: zlib's compression level, from 1 (fastest) to 9 (smallest).
    public init(_ inner: any Application, level: Int = 6) {
        self.init(inner, level: level) { Int.random(in: 0...100) }
    }

    init(_ inner: any Application, level: Int, nameLength: @escaping @Sendable () -> Int) {
        self.inner = inner
        compression = Stage(level: min(9, max(1, level)), nameLength: nameLength)
    }

    /// The compression of responses.
    private final class Stage: MiddlewareStage {
        let hooks: StageHooks = .finish
        private let level: Int
        private let nameLength: @Sendable () -> Int

        init(level: Int, nameLength: @escaping @Sendable () -> Int) {
            self.level = level
            self.nameLength = nameLength
        }

        func finish(_ response: inout Response, _ scope: Scope) throws {
            if response.status == .notModified {
                GZipMiddleware.name(&response, asIn: scope.headers)
            } else {
                let isWanted = scope.headers.values(of: "accept-encoding").contains(where: GZipMiddleware.acceptsGzip)
                response = try GZipMiddleware.compressed(response, isWanted: isWanted, level, nameLength)
            }
        }
    }

    /// Gives a 304 the tag and `Vary` of the compressed 200 that the client has (RFC 9110 §15.4.5).
    private static func name(_ response: inout Response, asIn request: HTTPFields) {
        guard let tag = response.headers["etag"], tag.hasPrefix("\""),
            request.values(of: "if-none-match").contains(where: { $0.contains("W/" + tag) })
        else { return }
        response.headers.addVary("Accept-Encoding")
        response.headers["etag"] = "W/" + tag
    }

    private static func compressed(
        _ original: Response, isWanted: Bool, _ level: Int, _ nameLength: () -> Int
    ) throws -> Response {
        // A range counts the bytes of the uncompressed file (RFC 9110 §14.1).
        guard original.status != .partialContent, !original.headers.contains("content-range"),
            original.headers["content-encoding"] == nil, isText(original.headers["content-type"] ?? "")
        else {
            return original
        }
        var response = original
        switch original.body {
        case .empty, .file: return original
        case .bytes(let bytes):
            guard bytes.count >= least else { return original }
            response.headers.addVary("Accept-Encoding")
            guard isWanted else { return response }
            var encoder = try GzipEncoder(level: level, nameLength: nameLength())
            var output = ByteBuffer(capacity: bytes.count / 3 + 128)
            encoder.compress(bytes.span, into: &output)
            encoder.finish(into: &output)
            guard output.count < bytes.count else { return response }
            response.body = .bytes(output.freeze())
        case .stream(let write):
            response.headers.addVary("Accept-Encoding")
            guard isWanted else { return response }
            let length = nameLength()
            response.body = .stream { writer in
                let sink = try GzipSink(writer, level: level, nameLength: length)
                try await write(ResponseBodyWriter(sink))
                try await sink.finish()
            }
        }
        response.headers["content-encoding"] = "gzip"
        if response.headers.contains("accept-ranges") { response.headers["accept-ranges"] = "none" }
        response.headers.remove("content-length")
        // The bytes differ now, but the content is equivalent, so the tag becomes weak (RFC 9110 §8.8.1).
        if let tag = response.headers["etag"], tag.hasPrefix("\"") { response.headers["etag"] = "W/" + tag }
        return response
    }

    /// Whether an `Accept-Encoding` header accepts gzip, by name or with `*`, with a weight above 0 (RFC 9110 §12.5.3).
    static func acceptsGzip(_ field: String) -> Bool {
        var all: Bool?
        for element in field.split(separator: ",") {
            let parts = element.split(separator: ";")
            guard let name = parts.first?.trimming({ $0 == " " || $0 == "\t" }).lowercased() else { continue }
            let isRefused = parts.dropFirst().contains { parameter in
                let text = parameter.filter { $0 != " " && $0 != "\t" }.lowercased()
                return text.hasPrefix("q=") && !text.utf8.dropFirst(2).contains { (0x31...0x39).contains($0) }
            }
            if name == "gzip" || name == "x-gzip" { return !isRefused }
            if name == "*" { all = !isRefused }
        }
        return all ?? false
    }

    /// Whether a media type is worth compressing. Pictures and archives are compressed already.
    static func isText(_ type: String) -> Bool {
        let type = type.prefix { $0 != ";" }.lowercased()
        // A client that buffers while it decompresses would delay each event.
        if type == "text/event-stream" { return false }
        return type.hasPrefix("text/") || type.hasSuffix("+json") || type.hasSuffix("+xml")
            || ["application/json", "application/javascript", "application/xml", "application/wasm"].contains(type)
    }
}

/// A sink that compresses the bytes written to it and writes the result to `writer`.
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
