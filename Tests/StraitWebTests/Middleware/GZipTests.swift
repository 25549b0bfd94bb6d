import StraitCompression
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import Testing

@testable import StraitWeb

@Suite struct GZips {
    private let text = String(repeating: "All work and no play makes Jack a dull boy. ", count: 50)

    private func ask(_ path: String, _ accepted: String? = "gzip") async throws -> HTTPResponse {
        let text = text
        let routes = try URLRouter {
            StraitRouting.path("long") { _ in
                var response = Response.text(text)
                response.headers["etag"] = "\"a\""
                return response
            }
            StraitRouting.path("part") { _ in
                var response = Response.text(text, status: .partialContent)
                response.headers["content-range"] = "bytes 0-2199/5000"
                return response
            }
            StraitRouting.path("ranges") { _ in
                var response = Response.text(text)
                response.headers["accept-ranges"] = "bytes"
                return response
            }
            StraitRouting.path("short") { _ in .text("short") }
            StraitRouting.path("picture") { _ in Response(type: MediaType(path: "a.png"), Bytes(text)) }
            StraitRouting.path("packed") { _ in
                var response = Response.text(text)
                response.headers["content-encoding"] = "br"
                return response
            }
            StraitRouting.path("stream") { _ in
                .stream(type: .html) { writer in
                    for _ in 0..<5 { try await writer.write(text) }
                }
            }
            StraitRouting.path("events") { _ in .stream(type: .eventStream) { try await $0.write(text) } }
        }
        let site = GZipMiddleware(routes, level: 6, nameLength: { 7 })
        let headers: HTTPFields = accepted.map { ["accept-encoding": $0] } ?? [:]
        return try await HTTPCommunicator(site, .get, "/" + path, headers: headers).response(timeout: .seconds(600))
    }

    /// Decompresses a gzip file whose name has seven letters (RFC 1952).
    private func expanded(_ bytes: Bytes) throws -> String {
        #expect(
            Array(bytes.prefix(18)) == [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 255] + [UInt8](repeating: 0x61, count: 7) + [0]
        )
        var inflater = try Inflater()
        var output = ByteBuffer()
        // The last piece ends with the four bytes of its flush, which the inflater adds itself. An empty block follows.
        #expect(Array(bytes.dropLast(8).suffix(6)) == [0, 0, 0xFF, 0xFF, 3, 0])
        try inflater.expand(bytes.slice(18..<bytes.count - 14).span, into: &output, limit: 1 << 20)
        let count = bytes.suffix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
        #expect(count == output.count)
        return String(decoding: output.freeze(), as: UTF8.self)
    }

    @Test func `text is compressed if the client accepts gzip, and its ETag becomes weak`() async throws {
        let response = try await ask("long")
        #expect(response.headers["content-encoding"] == "gzip" && response.headers["vary"] == "Accept-Encoding")
        #expect(response.headers["etag"] == "W/\"a\"")
        #expect(try expanded(response.body) == text)
        let plain = try await ask("long", nil)
        #expect(plain.text == text && plain.headers["vary"] == "Accept-Encoding" && plain.headers["etag"] == "\"a\"")
    }

    @Test func `a stream is compressed piece by piece`() async throws {
        let response = try await ask("stream")
        #expect(response.pieces.count >= 5)
        #expect(try expanded(response.body) == String(repeating: text, count: 5))
    }

    @Test func `a compressed response does not accept ranges (RFC 9110 §14.3)`() async throws {
        #expect(try await ask("ranges").headers["accept-ranges"] == "none")
        #expect(try await ask("ranges", nil).headers["accept-ranges"] == "bytes")
    }

    @Test(arguments: ["part", "short", "picture", "packed", "events"])
    func `partial, short, image, compressed and event-stream responses are not compressed`(path: String) async throws {
        #expect(try await ask(path).headers["content-encoding"] != "gzip")
    }

    @Test(arguments: [
        ("gzip", true), ("br, gzip", true), ("*", true), ("gzip;q=0", false), ("gzip; q=0.0, *", false), ("br", false),
        ("*;q=0", false), ("x-gzip", true), ("", false),
    ])
    func `Accept-Encoding decides whether gzip is used (RFC 9110 §12.5.3)`(field: String, isTaken: Bool) {
        #expect(GZipMiddleware.acceptsGzip(field) == isTaken)
    }
}
