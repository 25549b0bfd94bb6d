import Foundation
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

/// Tests that a blocked loop does not delay accepted connections.
@Suite struct Accepting {
    private let log = Journal()

    private func serve(
        loops: Int, _ configure: (inout ServerConfiguration) -> Void = { _ in }
    ) async throws -> (server: Server, group: EventLoopGroup, port: Int) {
        let group = EventLoopGroup(count: loops)
        var configuration = ServerConfiguration()
        configure(&configuration)
        let server = Server(
            application: try URLRouter { path("") { _ in .text("page") } }, configuration: configuration, group: group,
            services: Services.none, log: Log(level: .debug) { [log] in log.note("\($0) \($1)") }, accessLog: nil)
        guard case .internet(_, let port) = try await server.listen(at: .internet(host: "127.0.0.1", port: 0)) else {
            throw NoPort()
        }
        return (server, group, port)
    }

    private struct NoPort: Error {}

    @Test func `a blocked loop is logged, gets no new connections and delays no other loop`() async throws {
        let (server, group, port) = try await serve(loops: 2)
        let isHeld = DispatchSemaphore(value: 0)
        group.loops[0].execute { isHeld.wait() }
        await log.until { $0.contains { $0.contains("event loop blocked loop=0") } }
        let callers = try (0..<8).map { _ in try #require(RawSocket.connect(port: port)) }
        for caller in callers {
            caller.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
            #expect(caller.receiveText().hasPrefix("HTTP/1.1 200 OK\r\n"))
        }
        isHeld.signal()
        for caller in callers { caller.end() }
        await server.stop()
        #expect(log.lines.count { $0.contains("event loop blocked") } == 1)
    }

    @Test func `connections per address are limited, and a closed one makes room for another`()
        async throws
    {
        let (server, _, port) = try await serve(loops: 1) { $0.connectionsPerAddress = 2 }
        func status() throws -> (socket: RawSocket, answer: String) {
            let caller = try #require(RawSocket.connect(port: port))
            caller.send("GET / HTTP/1.1\r\nHost: site\r\n\r\n")
            return (caller, caller.receiveText())
        }
        let (first, second) = (try status(), try status())
        #expect(first.answer.hasPrefix("HTTP/1.1 200 ") && second.answer.hasPrefix("HTTP/1.1 200 "))
        let third = try status()
        #expect(third.answer == "")
        #expect(server.metrics.snapshot().connections.refused == 1)
        third.socket.end()
        first.socket.end()
        while server.connectionCount > 1 { await Task.yield() }
        let fourth = try status()
        #expect(fourth.answer.hasPrefix("HTTP/1.1 200 "))
        for socket in [second.socket, fourth.socket] { socket.end() }
        await server.stop()
    }

    @Test func `an IPv4 address or an IPv6 /64 network counts as one client`() {
        #expect(HostName.network(of: "192.0.2.1") == "192.0.2.1")
        #expect(HostName.network(of: "::ffff:192.0.2.1") == "192.0.2.1")
        #expect(HostName.network(of: "2001:db8:1:2:3:4:5:6") == HostName.network(of: "2001:db8:1:2::1"))
        #expect(HostName.network(of: "2001:db8:1:2::1") != HostName.network(of: "2001:db8:1:3::1"))
    }
}
