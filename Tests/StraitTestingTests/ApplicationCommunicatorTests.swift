import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitTesting
import StraitWebSocket
import Testing

@Suite struct ApplicationCommunicators {
    private let clock = ManualClock()

    private func communicator(
        _ consumer: @autoclosure @escaping @Sendable () -> Consumer, _ path: String = "/", subprotocols: [String] = []
    ) -> ApplicationCommunicator {
        ApplicationCommunicator(
            Endpoint.consumer(consumer()), Scope(type: .webSocket, path: path, subprotocols: subprotocols),
            clock: clock,
            log: .silent)
    }

    @Test func `the consumer's outputs are received in order`() async throws {
        let communicator = communicator(Obedient(), subprotocols: ["chat"])
        for event: ConsumerEvent in [.connect, .receive(.text("a")), .receive(.text("close"))] {
            await communicator.send(event)
        }
        var lines: [String] = []
        for _ in 0..<3 { lines.append("\(try await communicator.receiveOutput())") }
        #expect(
            lines == [
                "accepted the handshake with the subprotocol chat", "sent the text \"a\"",
                "closed the socket with 4007 \"test reason\"",
            ])
        #expect(try await communicator.receiveNothing(for: .patient))
        await #expect(throws: CommunicatorError.self) { try await communicator.wait() }
        await communicator.send(.disconnect(Close(code: 4007, wasClean: true)))
        try await communicator.wait()
        let error = await #expect(throws: CommunicatorError.self) { _ = try await communicator.receiveOutput() }
        #expect(error?.code == .ended)
    }

    @Test func `a rejection is received as an output, and the test sends disconnect itself`() async throws {
        let closing = communicator(Obedient(), "/refuse/")
        await closing.send(.connect)
        #expect("\(try await closing.receiveOutput())" == "closed the socket with 4001")
        #expect(try await closing.receiveNothing(for: .patient))
        await closing.send(.disconnect(Close(code: .abnormal, wasClean: false)))
        try await closing.wait()
        let denying = communicator(Obedient(), "/deny/")
        await denying.send(.connect)
        #expect("\(try await denying.receiveOutput())" == "refused the handshake with 401 Unauthorized")
    }

    @Test func `a handshake for a path without a route is rejected with 404`() async throws {
        let communicator = ApplicationCommunicator(
            try URLRouter { path("ws/", Echo()) }, Scope(type: .webSocket, path: "/"), clock: clock)
        await communicator.send(.connect)
        #expect("\(try await communicator.receiveOutput())" == "refused the handshake with 404 Not Found")
        try await communicator.wait()
    }

    @Test func `a handler's error is thrown in order with its outputs`() async throws {
        let communicator = communicator(Obedient())
        for event: ConsumerEvent in [.connect, .receive(.text("fail"))] { await communicator.send(event) }
        #expect("\(try await communicator.receiveOutput())" == "accepted the handshake")
        let failure = await #expect(throws: ApplicationFailure.self) { _ = try await communicator.receiveOutput() }
        #expect(failure?.error is Broken)
        #expect(
            "\(try await communicator.receiveOutput())" == "closed the socket with 1011 \"The server had an error.\"")
    }

    @Test func `a lost connection cancels the running handler`() async throws {
        let communicator = communicator(Obedient())
        for event: ConsumerEvent in [.connect, .receive(.text("sleep"))] { await communicator.send(event) }
        _ = try await communicator.receiveOutput()
        await communicator.send(.disconnect(Close(code: .abnormal, wasClean: false)))
        try await communicator.wait()
        #expect(try await communicator.receiveNothing(for: .patient))
    }

    @Test func `text and binary messages reach separate hooks (websocket_receive_with_none_text)`() async throws {
        final class Kinds: WebSocketConsumer {
            override func receive(text: String) async { send(text: "text") }
            override func receive(bytes: Bytes) async { send(text: "bytes") }
        }
        let communicator = communicator(Kinds())
        await communicator.send(.connect)
        _ = try await communicator.receiveOutput()
        for message: Message in [.binary([1]), .text(""), .text("a")] {
            await communicator.send(.receive(message))
        }
        var lines: [String] = []
        for _ in 0..<3 {
            if case .send(let message) = try await communicator.receiveOutput() { lines.append(message.text ?? "") }
        }
        #expect(lines == ["bytes", "text", "text"])
    }
}
