public import StraitConsumers
import StraitLayers
public import StraitNetwork
public import StraitRouting
public import StraitServer
import StraitWebSocket

/// A consumer at its bare level: events go in, and what it does comes out, in order. Channels'
/// `ApplicationCommunicator`. ``WebSocketCommunicator`` is more convenient where you do not need that.
///
/// The application routes the first event, ``/StraitConsumers/ConsumerEvent/connect``, by the scope, and a real
/// consumer is driven from then on. Nothing happens by itself: where the consumer closes, the test sends the
/// `disconnect` that a client's close frame would bring.
///
/// ```swift
/// let communicator = ApplicationCommunicator(site, Scope(type: .webSocket, path: "/ws/"))
/// await communicator.send(.connect)
/// guard case .accept = try await communicator.receiveOutput() else { … }
/// await communicator.send(.receive(.text("hi")))
/// ```
public final class ApplicationCommunicator: Sendable {
    private let place: TestLoop
    private let stage: ConsumerStage
    /// What the application is asked with.
    public let scope: Scope

    /// Nothing is asked or made before the first event.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one consumer: `Endpoint.consumer(Chat())`.
    ///   - scope: What the application is asked with, a `.webSocket`.
    ///   - configuration: The limits of consumers and sending; what concerns connections has no meaning here.
    ///   - services: The services of the application, such as `ChannelLayers()` that several clients share. Without
    ///     channel layers among them, this one has a layer in memory of its own.
    ///   - clock: A clock to move by hand; without one, the machine's.
    ///   - log: Where the consumer and the framework say what happened.
    public init(
        _ application: any Application, _ scope: Scope, configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        place = TestLoop(clock)
        var scope = scope
        if services.services !== Services.none { scope.services = services.services }
        scope.services = scope.services.adding(ChannelLayers())
        self.scope = scope
        stage = ConsumerStage(
            application, configuration: configuration, plays: false, loop: place.loop, log: log)
    }

    deinit {
        place.loop.executeUnlessEnded { [stage] in stage.lose() }
    }

    /// Lets `event` happen. The first is `.connect`, the last `.disconnect`; one that was not clean is a loss, which
    /// cancels the running handler. Channels' `send_input`.
    public func send(_ event: ConsumerEvent) async {
        await place.loop.perform { [stage, scope] in
            if case .connect = event { stage.begin(scope) } else { stage.put(event) }
        }
    }

    /// What the consumer did next. Channels' `receive_output`, which cancels the application where nothing came; this
    /// one does not.
    ///
    /// - Parameter timeout: How long to wait, in real time.
    /// - Throws: ``ApplicationFailure`` where it threw an error; ``CommunicatorError`` where nothing came, or can come.
    public func receiveOutput(timeout: Duration = .seconds(10)) async throws -> ConsumerOutput {
        let purpose = "what the consumer does next"
        guard let output = try await place.next(of: stage.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        place.loop.execute { [stage] in stage.taken() }
        return try output.get()
    }

    /// Whether the consumer does nothing for `duration` of real time; what it does is kept. On a manual clock this takes
    /// no time. Channels' `receive_nothing`.
    ///
    /// - Throws: ``ApplicationFailure`` where the application threw an error.
    public func receiveNothing(for duration: Duration = .milliseconds(100)) async throws -> Bool {
        try await stage.isQuiet(for: duration, at: place)
    }

    /// Waits until the consumer's handling of `.disconnect` has returned. Channels' `wait`.
    ///
    /// - Throws: The first ``ApplicationFailure`` that nobody has been told of; ``CommunicatorError`` where the consumer
    ///   goes on.
    public func wait(timeout: Duration = .seconds(10)) async throws {
        try await stage.waitForEnd(within: timeout, at: place)
    }
}
