import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Failures {
    @Test func `what connect() throws is raised, and the refusal follows (error)`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), "/fail/", log: .silent)
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await communicator.connect() }
        #expect(failure?.error is Broken)
        #expect(failure?.description == "The application failed at /fail/: Broken()")
        #expect(try await communicator.connect().status == .internalServerError)
    }

    @Test func `what a handler throws is raised in its place, before the close that it causes`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        for text in ["first", "fail"] { try await communicator.send(text: text) }
        #expect(try await communicator.receiveText() == "first")
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receiveText() }
        #expect(try await communicator.receiveClose().code == .internalError)
        try await communicator.disconnect()
    }

    @Test func `receiveNothing() raises too`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), clock: ManualClock(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "fail")
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receiveNothing(for: .patient) }
    }

    @Test func `what nobody received is raised at the end, what disconnect() throws among it`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "unread")
        await #expect(throws: ApplicationFailure.self) { try await communicator.disconnect(code: 4999) }
        let other = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await other.connect().isAccepted)
        try await other.send(text: "fail")
        await #expect(throws: ApplicationFailure.self) { try await other.disconnect() }
    }

    @Test func `work beside the handlers fails the same way`() async throws {
        let clock = ManualClock()
        let communicator = WebSocketCommunicator(Obedient(), clock: clock, log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "work beside")
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(60))
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receive() }
    }

    @Test func `an error of the routing is raised, one with a status is an answer`() async throws {
        struct Lost: Application {
            struct Failure: Error {}
            func resolve(_ scope: Scope) async throws -> Resolution? { throw Failure() }
        }
        let unrouted = WebSocketCommunicator(Lost(), "/", log: .silent)
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await unrouted.connect() }
        #expect(failure?.error is Lost.Failure)
        struct Closed: Middleware {
            let inner: any Application
            func resolve(_ scope: Scope) async throws -> Resolution? { throw HTTPError(.serviceUnavailable) }
        }
        let closed = WebSocketCommunicator(Closed(inner: Endpoint.consumer(Echo())), "/")
        #expect(try await closed.connect().status == .serviceUnavailable)
    }
}
