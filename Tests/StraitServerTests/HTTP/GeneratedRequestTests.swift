import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// Random requests and responses. Each seed always gives the same ones.
@Suite struct GeneratedRequests {
    private static let pathBytes = Array("abcXYZ019-._~!$&'()*+,;=:@".utf8)

    private struct Generated {
        var target = ""
        var fields: [(name: String, value: String)] = []
        var body: [UInt8] = []
        var isChunked = false

        init(_ random: inout SeededGenerator) {
            for _ in 0..<Int.random(in: 1...5, using: &random) {
                target += "/"
                for _ in 0..<Int.random(in: 0...12, using: &random) {
                    let byte = UInt8.random(in: 1...127, using: &random)
                    let isPlain = pathBytes.contains(byte)
                    target +=
                        isPlain ? String(UnicodeScalar(byte)) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
                }
            }
            let pairs = (0..<Int.random(in: 0...4, using: &random)).map {
                "k\($0)=\(UInt64.random(in: 0...99, using: &random))"
            }
            if !pairs.isEmpty { target += "?" + pairs.joined(separator: "&") }
            for index in 0..<Int.random(in: 0...97, using: &random) {
                let value = (0..<Int.random(in: 0...60, using: &random)).map { _ in
                    Character(UnicodeScalar(UInt8.random(in: 0x20...0x7E, using: &random)))
                }
                let text = String(value)
                let start = text.drop { $0 == " " }
                fields.append(("x-\(index % 50)", String(start.reversed().drop { $0 == " " }.reversed())))
            }
            body = (0..<Int.random(in: 0...1500, using: &random)).map { _ in UInt8.random(in: 0...255, using: &random) }
            isChunked = Bool.random(using: &random)
        }

        func bytes(_ random: inout SeededGenerator) -> [UInt8] {
            var head = "POST \(target) HTTP/1.1\r\nHost: site\r\n"
            for field in fields { head += "\(field.name): \(field.value)\r\n" }
            guard isChunked else { return Array("\(head)Content-Length: \(body.count)\r\n\r\n".utf8) + body }
            var bytes = Array("\(head)Transfer-Encoding: chunked\r\n\r\n".utf8)
            var rest = body[...]
            while !rest.isEmpty {
                let piece = rest.prefix(Int.random(in: 1...rest.count, using: &random))
                bytes += Array((String(piece.count, radix: 16) + "\r\n").utf8) + piece + [13, 10]
                rest = rest.dropFirst(piece.count)
            }
            return bytes + Array("0\r\n\r\n".utf8)
        }

        func line(_ scope: Scope?, _ received: [UInt8]) -> String {
            let headers = scope.map { scope in
                scope.headers.filter { $0.name.hasPrefix("x-") }.map { "\($0.name)=\($0.value)" }
            }
            let target = scope.map { $0.rawPath + ($0.queryString.isEmpty ? "" : "?" + $0.queryString) }
            return "\(target ?? self.target) \(headers ?? fields.map { "\($0.name)=\($0.value)" }) \(received)"
        }
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `random requests arrive unchanged and in order, however they are split`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let script = ServerScript()
        let journal = script.journal
        let blank = Generated(&random)
        script.serve(
            try URLRouter {
                rePath(#/.*/#) { request in
                    journal.note(blank.line(request.scope, Array(try await request.body.collect(upTo: 2000))))
                    return .text("x")
                }
            })
        let requests = (0..<5).map { _ in Generated(&random) }
        let client = await script.connect(
            NetworkConditions(
                seed: seed, capacity: Int.random(in: 100...9000, using: &random),
                largestWrite: Int.random(in: 1...700, using: &random)))
        var bytes: [UInt8] = []
        for request in requests { bytes += request.bytes(&random) }
        await client.send(bytes)
        #expect(journal.lines == requests.map { $0.line(nil, $0.body) }, "seed \(seed)")
        #expect(client.text.split(separator: "HTTP/1.1 200 OK").count == 5, "seed \(seed)")
    }

    @Test(arguments: [(99, 200), (100, 431)])
    func `a request can have 100 headers, and 101 get 431 (RFC 6585 §5)`(more: Int, status: Int) async throws {
        let script = ServerScript()
        try script.serve { .text("\($0.headers.count)") }
        let fields = (0..<more).map { "X-\($0): \($0)\r\n" }.joined()
        #expect(await script.answer("GET / HTTP/1.1\r\nHost: site\r\n\(fields)\r\n").hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test(arguments: 1...12 as ClosedRange<UInt64>)
    func `random responses are sent unchanged, however they are split`(seed: UInt64) async throws {
        var random = SeededGenerator(seed: seed)
        let script = ServerScript()
        let body = (0..<Int.random(in: 0...300_000, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let fields = (0..<Int.random(in: 0...60, using: &random)).map { index in
            ("X-\(index % 20)", String(UInt64.random(in: 0...UInt64.max, using: &random), radix: 36))
        }
        let isStreamed = Bool.random(using: &random)
        let piece = Int.random(in: 1...5000, using: &random)
        try script.serve { _ in
            var headers = HTTPFields()
            for field in fields { try headers.append(field.0, field.1) }
            guard isStreamed else { return Response(headers: headers, body: .bytes(Bytes(body))) }
            headers["content-length"] = "\(body.count)"
            return Response(
                headers: headers,
                body: .stream { writer in
                    for start in stride(from: 0, to: body.count, by: piece) {
                        try await writer.write(Bytes(body[start..<min(start + piece, body.count)]))
                    }
                })
        }
        let client = await script.connect(
            NetworkConditions(
                seed: seed, capacity: Int.random(in: 1000...70_000, using: &random),
                largestWrite: Int.random(in: 300...9000, using: &random)))
        await client.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
        let lines = fields.map { "\($0.0): \($0.1)\r\n" }.joined()
        let head = "HTTP/1.1 200 OK\r\n\(lines)Content-Length: \(body.count)\r\nDate: "
        #expect(client.bytes.starts(with: Array(head.utf8)), "seed \(seed)")
        #expect(Array(client.bytes.suffix(body.count)) == body, "seed \(seed)")
        #expect(script.access.lines == [#"10.0.0.1:5001 - - [date] "GET /" 200 \#(body.count)"#], "seed \(seed)")
    }
}
