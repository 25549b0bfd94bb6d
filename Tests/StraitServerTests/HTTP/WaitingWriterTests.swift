import Foundation
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Tests that a peer that reads nothing costs no CPU time, because the loop makes no turns for it.
@Suite struct WaitingWriters {
    /// The kind of output for a peer that does not read.
    enum Kind: CaseIterable {
        case bytes, stream, file, partOfFile, messages
    }

    @Test(arguments: Kind.allCases)
    func `a peer that reads nothing causes no loop turns and hits the stall timeout`(kind: Kind)
        async throws
    {
        let file = NSTemporaryDirectory() + "/strait-large-\(UUID().uuidString)"
        #expect(FileManager.default.createFile(atPath: file, contents: Data(repeating: 120, count: 32 << 20)))
        defer { try? FileManager.default.removeItem(atPath: file) }
        let application = try Self.application(file)
        let group = EventLoopGroup(count: 1)
        var configuration = ServerConfiguration()
        configuration.stallTimeout = .milliseconds(600)
        let server = Server(
            application: application, configuration: configuration, group: group, services: Services.none,
            log: Log(level: .error), accessLog: nil)
        let address = try await server.listen(at: .internet(host: "127.0.0.1", port: 0))
        guard case .internet(_, let port) = address else { return }
        let peer = try #require(RawSocket.connect(port: port))
        peer.send(Self.request(kind))
        let loop = group.loops[0]
        // Counts turns after the kernel's buffer is full, for long enough that a busy loop would make thousands.
        await Self.pass(.milliseconds(200), on: loop)
        let before = loop.turnCount
        await Self.pass(.milliseconds(200), on: loop)
        let turns = loop.turnCount - before
        #expect(turns < 20)
        while server.connectionCount > 0 { await Self.pass(.milliseconds(20), on: loop) }
        peer.end()
        await server.stop()
    }

    private static func application(_ file: String) throws -> URLRouter {
        let large = Bytes([UInt8](repeating: 120, count: 32 << 20))
        return try URLRouter {
            path("bytes/") { _ in Response(type: .text, large) }
            path("stream/") { _ in
                Response.stream(type: .text) { writer in
                    for _ in 0..<32 { try await writer.write(large.slice(0..<1 << 20)) }
                }
            }
            path("file/") { _ in Response.file(file) }
            path("messages/", talker(large))
        }
    }

    /// A consumer that sends as fast as its peer reads.
    private static func talker(_ large: Bytes) -> Probe {
        Probe(
            Journal(),
            connect: { probe in
                probe.accept()
                while true {
                    for _ in 0..<4 { probe.send(bytes: large.slice(0..<100_000)) }
                    try await probe.drained()
                }
            })
    }

    private static func request(_ kind: Kind) -> String {
        switch kind {
        case .bytes: "GET /bytes/ HTTP/1.1\r\nHost: site\r\n\r\n"
        case .stream: "GET /stream/ HTTP/1.1\r\nHost: site\r\n\r\n"
        case .file: "GET /file/ HTTP/1.1\r\nHost: site\r\n\r\n"
        case .partOfFile: "GET /file/ HTTP/1.1\r\nHost: site\r\nRange: bytes=100-33000000\r\n\r\n"
        case .messages: Socket.request("/messages/")
        }
    }

    /// Waits for `duration` on the loop's clock.
    private static func pass(_ duration: Duration, on loop: EventLoop) async {
        await withCheckedContinuation { continuation in
            loop.execute { loop.run(after: duration) { continuation.resume() } }
        }
    }
}
