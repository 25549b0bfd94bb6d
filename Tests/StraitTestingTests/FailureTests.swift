import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct Failures {
    @Test func `an error in connect() is thrown to the test, then the rejection is received (error)`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), "/fail/", log: .silent)
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await communicator.connect() }
        #expect(failure?.error is Broken)
        #expect(failure?.description == "The application failed at /fail/: Broken()")
        #expect(try await communicator.connect().status == .internalServerError)
    }

    @Test func `a handler's error is thrown in order, before the close that it causes`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        for text in ["first", "fail"] { try await communicator.send(text: text) }
        #expect(try await communicator.receiveText() == "first")
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receiveText() }
        #expect(try await communicator.receiveClose().code == .internalError)
        try await communicator.disconnect()
    }

    @Test func `receiveNothing() throws a handler's error, too`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), clock: ManualClock(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "fail")
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receiveNothing(for: .patient) }
    }

    @Test func `disconnect() throws errors not yet received, including those of the consumer's disconnect()`()
        async throws
    {
        let communicator = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "unread")
        await #expect(throws: ApplicationFailure.self) { try await communicator.disconnect(code: 4999) }
        let other = WebSocketCommunicator(Obedient(), log: .silent)
        #expect(try await other.connect().isAccepted)
        try await other.send(text: "fail")
        await #expect(throws: ApplicationFailure.self) { try await other.disconnect() }
    }

    @Test func `an error in background work is thrown in the same way`() async throws {
        let clock = ManualClock()
        let communicator = WebSocketCommunicator(Obedient(), clock: clock, log: .silent)
        #expect(try await communicator.connect().isAccepted)
        try await communicator.send(text: "work beside")
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(60))
        await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receive() }
    }

    @Test func `a routing error is thrown to the test, but one with a status becomes a response`() async throws {
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
