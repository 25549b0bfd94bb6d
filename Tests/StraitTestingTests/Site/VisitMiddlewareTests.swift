import PlainVisits
import Strait
import StraitTesting
import Testing

private struct VisitSite: Site {
    var middleware: MiddlewareList {
        .standard.inserting(VisitMiddleware.init, after: SecurityMiddleware.self)
    }

    func services(_ settings: Settings) -> [any Service] { [VisitStore()] }

    var routes: [Route] {
        path("quiet/") { _ in .text("the session is not used") }
        path("visits/") { request in
            let session = request.scope[Visit.self]
            let count = (Int(try await session?.get("visits") ?? "0") ?? 0) + 1
            try await session?.set("visits", "\(count)")
            return .text("\(count)")
        }
        path("said/") { request in .text(try await request.scope[Visit.self]?.get("said") ?? "nothing") }
        path("ws/", Visitor())
        path("ws/refused/", Refuser())
    }
}

private final class Visitor: WebSocketConsumer {
    override func connect() async throws {
        let session = scope[Visit.self]
        try await session?.set("said", "hello")
        accept()
        // Sent after the accepting response, although that waits until the session is saved.
        send(text: "welcome")
    }

    override func receive(_ message: Message) async throws {
        try await scope[Visit.self]?.set("said", message.text ?? "")
        send(text: "noted")
    }
}

private final class Refuser: WebSocketConsumer {
    override func connect() async throws {
        try await scope[Visit.self]?.set("said", "let me in")
        deny(.text("no", status: .forbidden))
    }
}

/// Visit middleware of a site, which uses only the public interface.
@Suite struct SessionMiddlewares {
    @Test func `a page's session is loaded on first use, and its cookie is set once`() async throws {
        try await TestSite(VisitSite()) { site in
            let quiet = try await site.client.get("/quiet/")
            #expect(!quiet.headers.contains("set-cookie"))
            let first = try await site.client.get("/visits/")
            #expect(first.text == "1" && first.headers["set-cookie"]?.hasPrefix("sessionid=") == true)
            let second = try await site.client.get("/visits/")
            #expect(second.text == "2" && !second.headers.contains("set-cookie"))
            let other = try await site.makeClient().get("/visits/")
            #expect(other.text == "1")
            #expect(try site.service(VisitStore.self).count == 2)
        }
    }

    @Test func `a WebSocket's session is saved when it is accepted, with a cookie, and when it closes`() async throws {
        try await TestSite(VisitSite()) { site in
            let socket = site.webSocket("/ws/")
            let answer = try await socket.open()
            #expect(answer.headers["set-cookie"]?.hasPrefix("sessionid=") == true)
            let welcome = try await socket.receiveText()
            #expect(welcome == "welcome")
            let early = try await site.client.get("/said/")
            #expect(early.text == "hello")
            try await socket.send(text: "good night")
            let noted = try await socket.receiveText()
            #expect(noted == "noted")
            try await socket.disconnect()
            let late = try await site.client.get("/said/")
            #expect(late.text == "good night")
        }
    }

    @Test func `a rejected handshake's response sets the cookie, too`() async throws {
        try await TestSite(VisitSite()) { site in
            let answer = try await site.webSocket("/ws/refused/").connect()
            #expect(answer.status == .forbidden)
            #expect(answer.headers["set-cookie"]?.hasPrefix("sessionid=") == true)
            let said = try await site.client.get("/said/")
            #expect(said.text == "let me in")
        }
    }

    @Test func `a full server saves a WebSocket's session, too`() async throws {
        let site = try await TestSite(started: VisitSite())
        let server = MemoryServer(site)
        let socket = try await server.webSocket("/ws/")
        #expect(socket.frames.first == .message(Message(text: "welcome")))
        await socket.close()
        await server.stop()
        await site.stop()
        #expect(try site.service(VisitStore.self).count == 1)
    }
}
