import Foundation
import RedisServers
import StraitTesting
import Testing

/// Tests of a program that imports only StraitSockets. The showcase, which imports Strait, is compared with it.
@Suite struct `A program with sockets only` {
    /// The beginnings of the mangled symbols of modules that the program must not link.
    private static let modules = [
        "$s15StraitTemplates", "$s11StraitForms", "$s9StraitWeb", "$s11StraitRedis", "$s17StraitCommandLine",
    ]

    /// Returns the URL of the built program `name`, which is in the folder of the test bundle.
    private static func program(_ name: String) throws -> URL {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let beside = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent(name)
        if FileManager.default.fileExists(atPath: beside.path) { return beside }
        return Bundle.main.bundleURL.appendingPathComponent(name)
    }

    @Test func `is smaller than two thirds of a site and links no templates, forms, Redis client or commands`() throws {
        let sockets = try Data(contentsOf: Self.program("SocketProgram"), options: .alwaysMapped)
        let site = try Data(contentsOf: Self.program("showcase"), options: .alwaysMapped)
        for name in Self.modules {
            #expect(sockets.range(of: Data(name.utf8)) == nil, "The program contains symbols of \(name).")
            #expect(site.range(of: Data(name.utf8)) != nil, "A site contains no symbols of \(name).")
        }
        #expect(sockets.range(of: Data("$s15StraitConsumers".utf8)) != nil)
        #expect(3 * sockets.count < 2 * site.count, "\(sockets.count) bytes, and a site has \(site.count)")
    }

    @Test func `has the same source as the program in Documentation/Sockets.md`() throws {
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
        // A text frame with the payload "hi" and a masking key of zero.
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
