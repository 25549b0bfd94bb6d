import Foundation
import FoundationNetworking
import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import Testing

@Suite struct LiveServers {
    private let routes = [path("") { .text("\($0.headers["host"] ?? "")") }, path("ws/", Echo())]

    @Test func `run() serves on a free port under the server's URL, and stops the server`() async throws {
        let address = try await LiveServer.run(try URLRouter(routes)) { server in
            let port = try #require(server.port)
            #expect(port > 0)
            #expect(server.url == "http://127.0.0.1:\(port)")
            #expect(server.webSocketURL == "ws://127.0.0.1:\(port)")
            let url = try #require(URL(string: server.url + "/"))
            let (page, response) = try await URLSession.shared.data(from: url)
            #expect((response as? HTTPURLResponse)?.statusCode == 200)
            #expect(String(decoding: page, as: UTF8.self) == "127.0.0.1:\(port)")
            return server.address
        }
        // The server was stopped, so the port is free again.
        let again = try await LiveServer.start(try URLRouter(routes), at: address)
        #expect(again.address == address)
        await again.stop()
    }

    @Test func `the server is stopped even if the test throws`() async throws {
        let journal = Journal()
        await #expect(throws: Broken.self) {
            try await LiveServer.run(try URLRouter(routes)) { server in
                journal.note("\(server.address)")
                throw Broken()
            }
        }
        #expect(journal.lines.count == 1)
    }

    @Test func `a server can listen on a Unix socket, and the error for a path in use says what to do`() async throws {
        let path = "/tmp/strait-live-\(UUID().uuidString.prefix(8)).sock"
        try await LiveServer.run(try URLRouter(routes), at: .unix(path: path)) { server in
            #expect(server.port == nil)
            #expect(server.url == "http://localhost" && server.webSocketURL == "ws://localhost")
            #expect(server.address == .unix(path: path))
            let error = await #expect(throws: ServerError.self) {
                _ = try await LiveServer.start(try URLRouter(routes), at: .unix(path: path))
            }
            #expect(error?.description.contains("Stop it, or choose another path.") == true)
        }
    }
}
