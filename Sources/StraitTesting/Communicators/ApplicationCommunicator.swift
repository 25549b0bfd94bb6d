public import StraitConsumers
public import StraitCore
public import StraitHTTP
import StraitLayers
public import StraitRouting
public import StraitServer
import StraitWebSocket

/// A low-level test client for a consumer: it sends events and receives the consumer's outputs in order. It is
/// Channels' `ApplicationCommunicator`. ``WebSocketCommunicator`` is more convenient for most tests.
///
/// The application routes the first event, ``/StraitConsumers/ConsumerEvent/connect``, by the scope. The following
/// events drive a real consumer. Nothing is automatic: when the consumer closes, the test sends the `disconnect` that a
/// client's close frame would cause.
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
    /// The scope that the application routes.
    public let scope: Scope

    /// Creates a communicator. The application is not called before the first event.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one consumer: `Endpoint.consumer(Chat())`.
    ///   - scope: The scope to route, of type `.webSocket`.
    ///   - configuration: The limits of consumers and sending. Settings for connections have no effect.
    ///   - services: The application's services, such as `ChannelLayers()` that several clients share. Without channel
    ///     layers, this communicator uses its own in-memory layer.
    ///   - clock: A manual clock. The default is the system's clock.
    ///   - log: The log of the consumer and the framework.
    public init(
        _ application: any Application, _ scope: Scope, configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        place = TestLoop(clock)
        var scope = scope
        if services.services !== Services.none { scope.services = services.services }
        scope.services = scope.services.adding(ChannelLayers()).adding(ThreadPool())
        self.scope = scope
        stage = ConsumerStage(
            application, configuration: configuration, plays: false, loop: place.loop, log: log)
    }

    deinit {
        place.loop.executeUnlessEnded { [stage] in stage.lose() }
    }

    /// Sends `event` to the consumer; Channels' `send_input`. The first event is `.connect` and the last is
    /// `.disconnect`. A `.disconnect` that is not clean simulates a lost connection and cancels the running handler.
    public func send(_ event: ConsumerEvent) async {
        await place.loop.perform { [stage, scope] in
            if case .connect = event { stage.begin(scope) } else { stage.put(event) }
        }
    }

    /// Returns the consumer's next output; Channels' `receive_output`. A timeout does not cancel the application, as it
    /// does in Channels.
    ///
    /// - Parameter timeout: The maximum real time to wait.
    /// - Throws: ``ApplicationFailure`` if the application throws an error. ``CommunicatorError`` if no output arrives
    ///   or can arrive.
    public func receiveOutput(timeout: Duration = .seconds(10)) async throws -> ConsumerOutput {
        let purpose = "the consumer's next output"
        guard let output = try await place.next(of: stage.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        place.loop.execute { [stage] in stage.taken() }
        return try output.get()
    }

    /// Returns whether the consumer produces no output for `duration` of real time; Channels' `receive_nothing`. Any
    /// output is kept. With a manual clock, this takes no time.
    ///
    /// - Throws: ``ApplicationFailure`` if the application throws an error.
    public func receiveNothing(for duration: Duration = .milliseconds(100)) async throws -> Bool {
        try await stage.isQuiet(for: duration, at: place)
    }

    /// Waits until the consumer has handled `.disconnect`; Channels' `wait`.
    ///
    /// - Throws: The first ``ApplicationFailure`` that has not been thrown yet. ``CommunicatorError`` if the consumer
    ///   does not finish in time.
    public func wait(timeout: Duration = .seconds(10)) async throws {
        try await stage.waitForEnd(within: timeout, at: place)
    }
}

/// An error that the application threw while a communicator drove it, in a router, a handler or a background task.
///
/// Communicators throw it once, in order with the consumer's outputs; Channels also raises an application's exceptions.
/// The server's reaction, a refusal with 500 or a close with 1011, follows it.
public struct ApplicationFailure: Error, Sendable, CustomStringConvertible {
    /// The error that the application threw.
    public let error: any Error
    /// The path of the request.
    public let path: String

    init(_ error: any Error, at path: String) {
        self.error = error
        self.path = path
    }

    /// The path and the error.
    public var description: String { "The application failed at \(path): \(error)" }
}
