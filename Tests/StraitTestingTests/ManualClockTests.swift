import StraitConsumers
import StraitCore
import StraitHTTP
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Middleware that never decides about the handshake.
private struct Undecided: Middleware {
    let inner: any Application
    let journal: Journal

    func resolve(_ scope: Scope) async throws -> Resolution? {
        do {
            while true { try await Task.sleep(for: .patient) }
        } catch {
            journal.note("cancelled")
            throw error
        }
    }
}

/// A consumer whose handler races work off the loop against a clock.
private final class Racer: WebSocketConsumer {
    override func receive(text: String) async throws {
        let clock = clock
        let winner = await withTaskGroup(of: String.self) { group in
            group.addTask {
                try? await clock.sleep(for: .seconds(10))
                return "clock"
            }
            group.addTask { await Elsewhere.work() }
            let first = await group.next()
            group.cancelAll()
            return first ?? ""
        }
        send(text: winner)
    }
}

@Suite struct ManualClocks {
    private let clock = ManualClock()

    private func connected(_ consumer: @autoclosure @escaping @Sendable () -> Consumer = Obedient()) async throws
        -> WebSocketCommunicator
    {
        let communicator = WebSocketCommunicator(consumer(), clock: clock)
        #expect(try await communicator.connect().isAccepted)
        return communicator
    }

    @Test func `a consumer sleeps until the clock is advanced far enough`() async throws {
        let communicator = try await connected()
        try await communicator.send(text: "sleep")
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(59))
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(1))
        #expect(try await communicator.receiveText() == "awake")
        try await communicator.disconnect()
    }

    @Test func `waiting for a message that cannot arrive fails at once with an explanation`() async throws {
        let communicator = try await connected()
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.receiveText(timeout: .patient)
        }
        #expect(error?.code == .idle)
        #expect(
            error?.description
                == """
                The application is idle and its clock is stopped, so a text message cannot arrive. Move the clock with \
                advance(by:), or send what the application waits for.
                """
        )
        let end = await #expect(throws: CommunicatorError.self) {
            try await communicator.wait(timeout: .patient)
        }
        #expect(end?.code == .idle)
    }

    @Test func `after a failed wait, the next one still works (timeout_disconnect)`() async throws {
        let communicator = try await connected()
        try await communicator.send(text: "sleep")
        await #expect(throws: CommunicatorError.self) { _ = try await communicator.receive() }
        await clock.advance(by: .seconds(60))
        #expect(try await communicator.receiveText() == "awake")
    }

    @Test func `a communicator waits for work off the loop`() async throws {
        let communicator = try await connected()
        for _ in 0..<3 {
            try await communicator.send(text: "elsewhere")
            #expect(try await communicator.receiveText(timeout: .patient) == "done")
        }
        try await communicator.send(text: "elsewhere")
        #expect(try await communicator.receiveNothing(for: .patient) == false)
    }

    @Test func `a communicator waits for work off the loop even if the handler also sleeps on the clock`() async throws
    {
        let communicator = try await connected(Racer())
        try await communicator.send(text: "go")
        #expect(try await communicator.receiveText(timeout: .patient) == "done")
    }

    @Test func `communicators with one clock share its time`() async throws {
        let first = try await connected()
        let second = try await connected()
        for communicator in [first, second] { try await communicator.send(text: "sleep") }
        await clock.advance(by: .seconds(60))
        #expect(try await first.receiveText() == "awake")
        #expect(try await second.receiveText() == "awake")
    }

    @Test func `the handshake is rejected if a consumer does not decide within the timeout`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), "/silent/", clock: clock)
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.connect(timeout: .patient)
        }
        #expect(error?.code == .idle)
        await clock.advance(by: .seconds(5))
        #expect(try await communicator.connect().status == .serviceUnavailable)
        try await communicator.wait()
    }

    @Test func `the handshake is rejected and middleware cancelled if it does not decide within the timeout`()
        async throws
    {
        let journal = Journal()
        let communicator = WebSocketCommunicator(
            Undecided(inner: Endpoint.consumer(Echo()), journal: journal), "/", clock: clock)
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.connect(timeout: .milliseconds(1))
        }
        #expect(error?.code == .timeout)
        #expect(
            error?.description
                == """
                Timed out after 0.001 seconds while waiting for an answer to the handshake. The application is still \
                running: wait again, or use a longer timeout.
                """
        )
        await clock.advance(by: .seconds(5))
        #expect(try await communicator.connect().status == .serviceUnavailable)
        try await communicator.wait()
    }

    @Test func `a disconnect() that exceeds the close timeout is cancelled`()
        async throws
    {
        final class Stubborn: WebSocketConsumer {
            override func disconnect(_ close: Close) async throws { try await clock.sleep(for: .patient) }
        }
        let communicator = WebSocketCommunicator(Stubborn(), clock: clock, log: .silent)
        #expect(try await communicator.connect().isAccepted)
        await #expect(throws: CommunicatorError.self) { try await communicator.disconnect() }
        await clock.advance(by: .seconds(10))
        let failure = await #expect(throws: ApplicationFailure.self) { try await communicator.wait() }
        #expect(failure?.error is CancellationError)
    }

    @Test func `time passes only when the clock is advanced`() async {
        let start = clock.now
        await clock.idle()
        #expect(clock.now == start)
        await clock.advance(by: .milliseconds(1500))
        #expect(start.duration(to: clock.now) == .milliseconds(1500))
    }
}
