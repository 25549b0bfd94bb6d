import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

private enum Command: Codable { case say(text: String) }
private enum Event: Codable, Equatable { case said(text: String) }

private final class Chat: JSONConsumer<Command, Event> {
    override func receive(_ command: Command) async throws {
        if case .say(let text) = command { try send(.said(text: text)) }
    }
}

private struct User { let name: String }

private final class Greeter: WebSocketConsumer {
    override func connect() async {
        accept()
        let room: String? = scope.urlRoute.kwargs["room"] as? String
        send(text: "\(scope[User.self]?.name ?? "nobody") in \(room ?? "no room")")
    }
}

@Suite struct WebSocketCommunicators {
    @Test func `a communicator connects, exchanges messages and disconnects (websocket_communicator)`() async throws {
        let communicator = WebSocketCommunicator(Echo(), "/testws/")
        let result = try await communicator.connect()
        #expect(result.isAccepted && result.subprotocol == nil && result.status == .switchingProtocols)
        try await communicator.send(text: "hello")
        #expect(try await communicator.receiveText() == "hello")
        try await communicator.send(bytes: [0x77, 0, 0, 0])
        #expect(try await communicator.receiveBytes() == [0x77, 0, 0, 0])
        #expect(try await communicator.receiveNothing(for: .zero))
        try await communicator.disconnect()
    }

    @Test func `open() throws an error that says how the handshake was rejected`() async throws {
        let communicator = try WebSocketCommunicator([path("ws/chat/", Chat())], "/ws/caht/")
        let error = await #expect(throws: CommunicatorError.self) { try await communicator.open() }
        #expect(error?.code == .refused)
        #expect(
            error?.description
                == """
                The handshake for /ws/caht/ was refused with 404 Not Found. Check the path's route and the consumer's \
                connect().
                """
        )
        try await WebSocketCommunicator([path("ws/chat/", Chat())], "/ws/chat/").open()
    }

    @Test func `JSON is encoded and decoded as by JSONConsumer (json_websocket_consumer)`() async throws {
        let communicator = WebSocketCommunicator(Chat())
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(json: Command.say(text: "hi"))
        #expect(try await communicator.receiveJSON(as: Event.self) == .said(text: "hi"))
        try await communicator.send(json: ["type": "say", "text": "ho"])
        #expect(try await communicator.receiveJSON() == ["type": "said", "text": "ho"])
        try await communicator.disconnect()
    }

    @Test func `a close instead of a message is an error that says so (websocket_incorrect_read_json)`()
        async throws
    {
        let communicator = WebSocketCommunicator(Obedient())
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "close")
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.receiveJSON(as: [String: String].self)
        }
        #expect(error?.code == .unexpectedOutput)
        #expect(
            error?.description
                == "Expected a text message, but the consumer closed the socket with 4007 \"test reason\".")
    }

    @Test func `a message instead of a close, or of the other type, is an error, too`() async throws {
        let communicator = WebSocketCommunicator(Echo())
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "hi")
        let first = await #expect(throws: CommunicatorError.self) { _ = try await communicator.receiveClose() }
        #expect(first?.description == "Expected a close, but the consumer sent the text \"hi\".")
        try await communicator.send(bytes: [1, 2])
        let second = await #expect(throws: CommunicatorError.self) { _ = try await communicator.receiveText() }
        #expect(second?.description == "Expected a text message, but the consumer sent 2 bytes.")
    }

    @Test func `the route's arguments reach the consumer (websocket_application)`() async throws {
        let communicator = try WebSocketCommunicator([path("ws/chat/<str:room>/", Greeter())], "/ws/chat/lobby/")
        #expect(try await communicator.connect().isAccepted)
        #expect(try await communicator.receiveText() == "nobody in lobby")
    }

    @Test func `a test can add values to the scope, as middleware would`() async throws {
        let communicator = WebSocketCommunicator(Greeter())
        communicator.scope[User.self] = User(name: "Ann")
        #expect(try await communicator.connect().isAccepted)
        #expect(try await communicator.receiveText() == "Ann in no room")
    }

    @Test(arguments: [
        ("/ws/", "websocket /ws/ "),
        ("/ws/?foo=bar&x=%20", "websocket /ws/ foo=bar&x=%20"),
        ("/%E6%B5%8B%E8%AF%95?a", "websocket /测试 a"),
    ])
    func `the scope's path is percent-decoded and its query is not (connection_scope)`(target: String, line: String)
        async throws
    {
        let communicator = WebSocketCommunicator(ScopeTeller(), target)
        #expect(try await communicator.connect().isAccepted)
        #expect(try await communicator.receiveText() == line)
    }

    @Test(arguments: ["ws/", "/a b", "/%zz", "/%00", "/café", ""])
    func `a path that no client can send is an error`(path: String) async throws {
        let communicator = WebSocketCommunicator(Echo(), path)
        let error = await #expect(throws: CommunicatorError.self) { _ = try await communicator.connect() }
        #expect(error?.code == .badRequest)
        #expect(error?.description.hasPrefix("Invalid path ") == true)
    }

    @Test func `the consumer picks a subprotocol and adds headers (accept_headers, subprotocol)`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), subprotocols: ["subprotocol1", "subprotocol2"])
        let result = try await communicator.connect()
        #expect(result.subprotocol == "subprotocol2")
        #expect(result.headers == ["x-server": "strait"])
    }

    @Test func `accepting a subprotocol that was not offered is an error, and the status is 500`() async throws {
        final class Wrong: WebSocketConsumer {
            override func connect() async { accept(subprotocol: "mine") }
        }
        let communicator = WebSocketCommunicator(Wrong(), subprotocols: ["yours"], log: .silent)
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await communicator.connect() }
        let text = failure.map { "\($0.error)" }
        #expect(text == "subprotocolNotOffered(\"mine\")")
        #expect(try await communicator.connect().status == .internalServerError)
    }

    @Test func `a rejected handshake has its status, response and close code`() async throws {
        let refused = try await WebSocketCommunicator(Obedient(), "/refuse/").connect()
        #expect(!refused.isAccepted && refused.status == .forbidden && refused.closeCode == 4001)
        let denied = try await WebSocketCommunicator(Obedient(), "/deny/").connect()
        #expect(!denied.isAccepted && denied.status == .unauthorized && denied.closeCode == nil)
        guard case .bytes(let text) = denied.response?.body else { throw Broken() }
        #expect(text == Bytes("No."))
        let unrouted = try await WebSocketCommunicator([path("ws/", Echo())], "/other/").connect()
        #expect(unrouted.status == .notFound)
    }

    @Test func `another origin is rejected as by the server, unless an OriginValidator allows it`()
        async throws
    {
        let headers: HTTPFields = ["origin": "https://evil.example"]
        let refused = try await WebSocketCommunicator(Echo(), headers: headers, log: .silent).connect()
        #expect(refused.status == .forbidden)
        let validator = OriginValidator(Endpoint.consumer(Echo()), allowed: ["evil.example"])
        #expect(try await WebSocketCommunicator(validator, "/", headers: headers).connect().isAccepted)
        let same = WebSocketCommunicator(Echo(), headers: ["origin": "http://testserver"])
        #expect(try await same.connect().isAccepted)
    }

    @Test func `the consumer's close is received and answered (close_reason)`() async throws {
        let journal = Journal()
        let communicator = WebSocketCommunicator(
            Endpoint.webSocket(ConsumerEndpoint { Leaver(journal) }), "/")
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "go")
        #expect(try await communicator.receiveClose() == Close(code: 4007, reason: "test reason", wasClean: true))
        try await communicator.wait()
        #expect(journal.lines == ["disconnect 4007 true"])
        let error = await #expect(throws: CommunicatorError.self) { _ = try await communicator.receive() }
        #expect(error?.code == .ended)
        #expect(error?.description == "The socket has ended, so a message cannot arrive.")
    }

    @Test func `a code that is not allowed in a close frame is replaced by 1011, as on the wire`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "close badly")
        #expect(try await communicator.receiveClose().code == .internalError)
    }

    @Test func `disconnect() gives the consumer the client's code, and abort() gives it 1006`() async throws {
        let journal = Journal()
        let application = Endpoint.webSocket(ConsumerEndpoint { Leaver(journal) })
        let leaving = WebSocketCommunicator(application, "/")
        #expect(try await leaving.connect().isAccepted)
        try await leaving.disconnect(code: 3001)
        let lost = WebSocketCommunicator(application, "/")
        #expect(try await lost.connect().isAccepted)
        try await lost.abort()
        #expect(journal.lines == ["disconnect 3001 true", "disconnect 1006 false"])
    }

    @Test func `a deallocated communicator counts as a lost connection`() async throws {
        let ends = Outlines()
        do {
            let communicator = WebSocketCommunicator(
                Endpoint.webSocket(ConsumerEndpoint { Leaver { ends.add($0) } }), "/")
            #expect(try await communicator.connect().isAccepted)
        }
        #expect(await ends.next() == "disconnect 1006 false")
    }

    @Test func `using a communicator without a connection is an error that says what to do`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), "/refuse/")
        let early = await #expect(throws: CommunicatorError.self) { try await communicator.send(text: "hi") }
        #expect(early?.description == "There is no socket yet. Await connect() first.")
        await #expect(throws: CommunicatorError.self) { try await communicator.disconnect() }
        _ = try await communicator.connect()
        let refused = await #expect(throws: CommunicatorError.self) { _ = try await communicator.receive() }
        #expect(
            refused?.description
                == "The handshake was not accepted, so there is no socket. Check the result of connect().")
        let twice = await #expect(throws: CommunicatorError.self) { _ = try await communicator.connect() }
        #expect(
            twice?.description
                == "connect() was called twice. Create a communicator for each socket.")
    }

    @Test func `each communicator has its own scope, in any order of use`() async throws {
        let first = WebSocketCommunicator(ScopeTeller(), "/1")
        let second = WebSocketCommunicator(ScopeTeller(), "/2")
        #expect(try await second.connect().isAccepted)
        #expect(try await first.connect().isAccepted)
        #expect(try await first.receiveText() == "websocket /1 ")
        #expect(try await second.receiveText() == "websocket /2 ")
    }

    @Test func `a test that does not read is a slow peer, with the limits of the configuration`() async throws {
        var configuration = ServerConfiguration()
        configuration.sendSoftLimit = 100
        configuration.sendHardLimit = 300
        let states = Journal()
        let communicator = WebSocketCommunicator(
            Endpoint.webSocket(ConsumerEndpoint { Flooder(states) }), "/", configuration: configuration,
            clock: ManualClock(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "2")
        #expect(try await communicator.receiveNothing(for: .patient) == false)
        #expect(states.lines == ["sent", "sent", "waits"])
        for _ in 0..<2 { _ = try await communicator.receive() }
        #expect(try await communicator.receiveNothing(for: .patient))
        #expect(states.lines == ["sent", "sent", "waits", "drained"])
        try await communicator.send(text: "4")
        try await communicator.wait()
        #expect(states.lines.suffix(5) == ["sent", "sent", "behind", "dropped", "gone 1006"])
    }
}

/// A consumer that closes at the first text message and reports how it ended.
private final class Leaver: WebSocketConsumer {
    private var tell: (String) -> Void = { _ in }

    convenience init(_ journal: Journal) {
        self.init { journal.note($0) }
    }

    convenience init(_ tell: @escaping @Sendable (String) -> Void) {
        self.init()
        self.tell = tell
    }

    override func receive(text: String) async { close(4007, reason: "test reason") }
    override func disconnect(_ close: Close) async { tell("disconnect \(close.code) \(close.wasClean)") }
}

/// A consumer that sends the requested number of 100-byte messages and waits until they are drained.
private final class Flooder: WebSocketConsumer {
    private var journal = Journal()

    convenience init(_ journal: Journal) {
        self.init()
        self.journal = journal
    }

    override func receive(text: String) async throws {
        for _ in 0..<(Int(text) ?? 0) { journal.note("\(send(bytes: Bytes([UInt8](repeating: 1, count: 100))))") }
        if text == "4" { return }
        journal.note("waits")
        try await drained()
        journal.note("drained")
    }

    override func disconnect(_ close: Close) async { journal.note("gone \(close.code)") }
}
