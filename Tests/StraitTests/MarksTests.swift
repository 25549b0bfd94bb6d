import Glibc
import StraitConsumers
import StraitCore
import StraitForms
import StraitHTTP
import StraitLayers
import StraitRedis
import StraitRouting
import StraitServer
import StraitTesting
import StraitWeb
import StraitWebSocket
import Testing

/// Every part of a server that reads a client's text takes time in proportion to the text's length. This includes runs
/// of combining marks, which `String` takes quadratic time to compare.
@Suite struct Marks {
    /// A part of the server that reads text, and a request or message that carries text there.
    struct Place: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The bytes that a client sends on a new connection, with the marks in them.
        let bytes: @Sendable (String) -> [UInt8]

        init(_ name: String, _ bytes: @escaping @Sendable (String) -> [UInt8]) {
            testDescription = name
            self.bytes = bytes
        }

        static func request(_ name: String, _ text: @escaping @Sendable (String) -> String) -> Place {
            Place(name) { Array(text($0).utf8) }
        }

        static func post(_ name: String, _ type: String, _ body: @escaping @Sendable (String) -> String) -> Place {
            Place(name) { marks in
                let body = Array(body(marks).utf8)
                let head =
                    "POST / HTTP/1.1\r\nHost: site\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\n\r\n"
                return Array(head.utf8) + body
            }
        }

        static func message(
            _ name: String, to path: String, _ text: @escaping @Sendable (String) -> String
        ) -> Place {
            Place(name) { marks in
                let handshake =
                    "GET \(path) HTTP/1.1\r\nHost: site\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
                return Array(handshake.utf8) + MemoryWebSocket.frame(.text, Array(text(marks).utf8))
            }
        }
    }

    private static func coded(_ text: String) -> String {
        text.utf8.map { "%" + ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func escaped(_ text: String) -> String {
        text.utf16.map { unit in
            let digits = String(unit, radix: 16)
            return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }.joined()
    }

    private static func multipart(_ headers: String, _ content: String) -> String {
        "--b\r\n\(headers)\r\n\r\n\(content)\r\n--b--\r\n"
    }

    static let places: [Place] = [
        .request("a header's value") { "GET / HTTP/1.1\r\nHost: site\r\nAccept-Encoding: \($0)\r\n\r\n" },
        .request("a cookie's name") { "GET / HTTP/1.1\r\nHost: site\r\nCookie: \($0)=1; b=2\r\n\r\n" },
        .request("a cookie's value") { "GET / HTTP/1.1\r\nHost: site\r\nCookie: a=\($0)\r\n\r\n" },
        .request("a quoted cookie") { marks in
            "GET / HTTP/1.1\r\nHost: site\r\nCookie: a=\""
                + marks.unicodeScalars.map { "\\" + String(Character($0)) }.joined() + "\"\r\n\r\n"
        },
        .request("an origin") {
            """
            GET /ws/text/ HTTP/1.1\r\nHost: site\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: \
            http://\($0)\r\n
            """
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        },
        .request("a subprotocol") {
            "GET /ws/text/ HTTP/1.1\r\nHost: site\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Protocol: a, \($0)\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        },
        .request("a host") { "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n" },
        .request("a path") { "GET /\(coded($0)) HTTP/1.1\r\nHost: site\r\n\r\n" },
        .request("a route's argument") { "GET /say/\(coded($0))/ HTTP/1.1\r\nHost: site\r\n\r\n" },
        .request("a query's name") { "GET /?\(coded($0))=1&b=2 HTTP/1.1\r\nHost: site\r\n\r\n" },
        .request("a query's value") { "GET /?a=\(coded($0)) HTTP/1.1\r\nHost: site\r\n\r\n" },
        .post("a form field's name", "application/x-www-form-urlencoded") { "\($0)=1&name=2" },
        .post("a form field's value", "application/x-www-form-urlencoded") { "name=\($0)" },
        .post("a coded form field", "application/x-www-form-urlencoded") { "name=\(coded($0))" },
        .post("a multipart field", "multipart/form-data; boundary=b") {
            multipart("Content-Disposition: form-data; name=\"name\"", $0)
        },
        .post("a part's name", "multipart/form-data; boundary=b") {
            multipart("Content-Disposition: form-data; name=\"\($0)\"", "1")
        },
        .post("a file's name", "multipart/form-data; boundary=b") {
            multipart("Content-Disposition: form-data; name=\"file\"; filename=\"\($0)\"", "1")
        },
        .post("a JSON key", "application/json") { "{\"\($0)\":1,\"name\":\"x\"}" },
        .post("a JSON value", "application/json") { "{\"name\":\"\($0)\"}" },
        .post("an escaped JSON key", "application/json") { "{\"\(escaped($0))\":1,\"name\":\"x\"}" },
        .message("a text message", to: "/ws/text/") { $0 },
        .message("a JSON message's key", to: "/ws/json/") { "{\"\($0)\":1}" },
        .message("a JSON message's value", to: "/ws/json/") { "{\"name\":\"\($0)\"}" },
        .message("an escaped key of a JSON message", to: "/ws/json/") { "{\"\(escaped($0))\":1}" },
        .message("an escaped value of a JSON message", to: "/ws/json/") { "{\"name\":\"\(escaped($0))\"}" },
        .message("a group's name", to: "/ws/group/") { $0 },
    ]

    @Test(arguments: places)
    func `twice as many marks take at most 2.5 times the CPU time`(place: Place) async throws {
        var growth = Double.infinity
        var best = (small: Double.infinity, large: Double.infinity)
        for _ in 0..<20 {
            best.small = min(best.small, try await seconds(place, 64 << 10))
            best.large = min(best.large, try await seconds(place, 128 << 10))
            // Shorter times are noise.
            growth = best.large / max(best.small, 0.005)
            if growth < 2.5 { break }
        }
        #expect(growth < 2.5, "\(best)")
    }

    /// Measures the CPU time that a server's loop spends on `count` bytes of marks at `place`.
    private func seconds(_ place: Place, _ count: Int) async throws -> Double {
        var configuration = ServerConfiguration()
        configuration.httpLimits.fields = 8 << 20
        configuration.httpLimits.requestLine = 8 << 20
        let server = MemoryServer(
            try Self.application(), configuration: configuration, services: ChannelLayers(),
            log: Log(level: .critical))
        let client = await server.connect()
        let bytes = place.bytes(CombiningMarks.text(bytes: count))
        let loop = server.clock.group.loops[0]
        let before = await Self.cpu(of: loop)
        await client.send(bytes)
        await server.clock.idle()
        let after = await Self.cpu(of: loop)
        await client.abort()
        await server.stop()
        return after - before
    }

    private static func cpu(of loop: EventLoop) async -> Double {
        await withCheckedContinuation { continuation in
            loop.execute {
                var time = timespec()
                // SAFETY: the call only writes to the given value.
                unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
                continuation.resume(returning: Double(time.tv_sec) + Double(time.tv_nsec) / 1e9)
            }
        }
    }

    private static func application() throws -> any Application {
        CookieMiddleware(
            try URLRouter {
                path("ws/text/", TextConsumer())
                path("ws/json/", NameConsumer())
                path("ws/group/", GroupConsumer())
                path("say/<str:word>/") { request in
                    let word: String = try request.urlRoute["word"]
                    return .text("\(word == "hello")")
                }
                path("") { request in try await respond(to: request) }
            })
    }

    /// Uses a request as applications do: looks up names and compares values.
    private static func respond(to request: Request) async throws -> Response {
        var found = request.query["name"] == "x" || request.cookies["a"] == "x" || request.headers["x"] == "x"
        if request.headers["content-type"] == "application/json" {
            found = try await request.decode(Name.self).name == "x"
        } else if request.method == .post {
            let form = try await request.form()
            found = form["name"] == "x" || form.file("file")?.filename == "x"
        }
        return .text("\(found)")
    }

    private struct Name: Codable, Sendable { var name: String? }

    private final class TextConsumer: WebSocketConsumer {
        override func receive(text: String) async { send(text: "\(text == "hello" || text.hasPrefix("a b"))") }
    }

    private final class NameConsumer: JSONConsumer<Name, Name> {
        override func receive(_ content: Name) async throws {
            try send(Name(name: content.name == "hello" ? "yes" : "no"))
        }
    }

    private final class GroupConsumer: WebSocketConsumer {
        override func receive(text: String) async throws {
            do { try await channelLayer.groupSend(text, ["type": "x"]) } catch { send(text: "\(error)") }
        }
    }

    @Test func `decoding a msgpack string from Redis takes time in proportion to its length`() throws {
        let growth = try TimeGrowth.smallest(from: 64 << 10) { size in
            try MessagePackEncoder.encode(
                ["type": "x", "text": .string(CombiningMarks.text(bytes: size))] as LayerMessage)
        } _: { bytes in
            _ = try? MessagePackDecoder.value(from: bytes)
        }
        #expect(growth < 2.5)
    }
}
