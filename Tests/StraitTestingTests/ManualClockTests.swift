import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitServer
import StraitTesting
import StraitWebSocket
import Testing

/// Stops to decide in middleware.
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

/// Has its handler wait for something elsewhere, beside which a clock runs.
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

    @Test func `a consumer sleeps until the clock is moved far enough`() async throws {
        let communicator = try await connected()
        try await communicator.send(text: "sleep")
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(59))
        #expect(try await communicator.receiveNothing(for: .patient))
        await clock.advance(by: .seconds(1))
        #expect(try await communicator.receiveText() == "awake")
        try await communicator.disconnect()
    }

    @Test func `a wait for what cannot come ends at once, and says so`() async throws {
        let communicator = try await connected()
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.receiveText(timeout: .patient)
        }
        #expect(error?.code == .idle)
        #expect(
            error?.description
                == "The application waits and its clock stands, so a text message cannot come. Move the clock with advance(by:), or send what the application waits for."
        )
        let end = await #expect(throws: CommunicatorError.self) {
            try await communicator.wait(timeout: .patient)
        }
        #expect(end?.code == .idle)
    }

    @Test func `a wait that failed disturbs nothing: the next one goes on (timeout_disconnect)`() async throws {
        let communicator = try await connected()
        try await communicator.send(text: "sleep")
        await #expect(throws: CommunicatorError.self) { _ = try await communicator.receive() }
        await clock.advance(by: .seconds(60))
        #expect(try await communicator.receiveText() == "awake")
    }

    @Test func `work off the loop is waited for`() async throws {
        let communicator = try await connected()
        for _ in 0..<3 {
            try await communicator.send(text: "elsewhere")
            #expect(try await communicator.receiveText(timeout: .patient) == "done")
        }
        try await communicator.send(text: "elsewhere")
        #expect(try await communicator.receiveNothing(for: .patient) == false)
    }

    @Test func `work off the loop is waited for also where the clock of its handler sleeps beside it`() async throws {
        let communicator = try await connected(Racer())
        try await communicator.send(text: "go")
        #expect(try await communicator.receiveText(timeout: .patient) == "done")
    }

    @Test func `communicators of one clock share its time`() async throws {
        let first = try await connected()
        let second = try await connected()
        for communicator in [first, second] { try await communicator.send(text: "sleep") }
        await clock.advance(by: .seconds(60))
        #expect(try await first.receiveText() == "awake")
        #expect(try await second.receiveText() == "awake")
    }

    @Test func `a consumer that does not decide is refused after the server's time for that`() async throws {
        let communicator = WebSocketCommunicator(Obedient(), "/silent/", clock: clock)
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.connect(timeout: .patient)
        }
        #expect(error?.code == .idle)
        await clock.advance(by: .seconds(5))
        #expect(try await communicator.connect().status == .serviceUnavailable)
        try await communicator.wait()
    }

    @Test func `so is middleware, which is cancelled`() async throws {
        let journal = Journal()
        let communicator = WebSocketCommunicator(
            Undecided(inner: Endpoint.consumer(Echo()), journal: journal), "/", clock: clock)
        let error = await #expect(throws: CommunicatorError.self) {
            _ = try await communicator.connect(timeout: .milliseconds(1))
        }
        #expect(error?.code == .timeout)
        #expect(
            error?.description
                == "Nothing came within 0.001 seconds while an answer to the handshake was waited for. The application was not disturbed; wait again, or give a longer timeout."
        )
        await clock.advance(by: .seconds(5))
        #expect(try await communicator.connect().status == .serviceUnavailable)
        try await communicator.wait()
    }

    @Test func `a handler that goes on after the socket's end is cancelled after the server's time for that`()
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

    @Test func `the time starts at zero, and passes by hand alone`() async {
        let start = clock.now
        await clock.idle()
        #expect(clock.now == start)
        await clock.advance(by: .milliseconds(1500))
        #expect(start.duration(to: clock.now) == .milliseconds(1500))
    }
}
