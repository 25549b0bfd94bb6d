import Foundation
import RedisServers
import StraitTesting
import Testing

/// A program that imports only StraitSockets, and for comparison one that imports Strait.
@Suite struct `A program with sockets only` {
    /// The modules that a program with sockets has no use for, as its symbols begin.
    private static let modules = ["$s15StraitTemplates", "$s9StraitWeb", "$s11StraitRedis", "$s17StraitCommandLine"]

    /// The built program `name`, which is beside the test bundle.
    private static func program(_ name: String) throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name)
        if FileManager.default.fileExists(atPath: beside.path) { return beside }
        return Bundle.main.bundleURL.appendingPathComponent(name)
    }

    @Test func `links no templates, forms, Redis client or commands, and less than two thirds of a site`() throws {
        let sockets = try Data(contentsOf: Self.program("SocketProgram"), options: .alwaysMapped)
        let site = try Data(contentsOf: Self.program("showcase"), options: .alwaysMapped)
        for name in Self.modules {
            #expect(sockets.range(of: Data(name.utf8)) == nil, "The program contains symbols of \(name).")
            #expect(site.range(of: Data(name.utf8)) != nil, "A site contains no symbols of \(name).")
        }
        #expect(sockets.range(of: Data("$s15StraitConsumers".utf8)) != nil)
        #expect(3 * sockets.count < 2 * site.count, "\(sockets.count) bytes, and a site has \(site.count)")
    }

    @Test func `is the one in Documentation/Sockets.md`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appending(path: "../..").standardized
        let page = try String(contentsOf: root.appending(path: "Documentation/Sockets.md"), encoding: .utf8)
        let source = root.appending(path: "Tests/SocketProgram/SocketProgram.swift")
        #expect(page.contains("```swift\n" + (try String(contentsOf: source, encoding: .utf8)) + "```"))
    }

    @Test func `serves pages and sockets until it gets SIGTERM`() async throws {
        let program = try RunningProgram(Self.program("SocketProgram").path, [])
        let greeting = await program.line()
        let match = try #require(
            greeting.wholeMatch(of: /Serving at 127\.0\.0\.1:([0-9]+); stop with Ctrl-C\./), "It printed: \(greeting)")
        let port = try #require(Int(match.1))
        let page = try #require(RawSocket.connect(port: port))
        page.send("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        #expect(page.receiveText().hasSuffix("A chat without a site."))
        let socket = try #require(RawSocket.connect(port: port))
        socket.send(
            """
            GET /ws/chat/ HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r
            Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n
            """)
        #expect(socket.receiveText().hasPrefix("HTTP/1.1 101 "))
        // A masked text frame: "hi" with the key zero.
        socket.send([0x81, 0x82, 0, 0, 0, 0] + Array("hi".utf8))
        let line = socket.receive().map { String(decoding: $0.dropFirst(2), as: UTF8.self) }
        #expect(line == #"{"type":"line","text":"hi"}"#)
        program.signal(SIGTERM)
        let end = await program.end()
        #expect(end.code == 0 && !end.wasKilled)
        page.end()
        socket.end()
    }
}
