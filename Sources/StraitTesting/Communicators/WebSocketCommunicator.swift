public import StraitConsumers
public import StraitCore
public import StraitHTTP
import StraitLayers
public import StraitRouting
public import StraitServer
public import StraitWebSocket
import Synchronization

/// A WebSocket client without a network; Channels' `WebsocketCommunicator`. It uses the application's real routing and
/// middleware and a real session of the consumer, but no frames.
///
/// ```swift
/// let communicator = WebSocketCommunicator(Chat(), "/ws/chat/?name=Ann")
/// try await communicator.open()                                  // or look at what connect() returns
/// try await communicator.send(text: "hi")
/// #expect(try await communicator.receiveText() == "Ann: hi")
/// try await communicator.disconnect()
/// ```
///
/// It behaves like a client of the server:
///
/// - If the consumer closes, the client replies with a close frame of the same code.
/// - An undecided handshake is refused after the server's `handshakeTimeout`.
/// - If the test leaves more data unread than the server's limits allow, it counts as a slow peer.
///
/// Message and frame limits, pings and compression need a real connection: test them with a ``MemoryServer``.
///
/// A timeout throws ``CommunicatorError`` and does not affect the application. An error of the application is thrown as
/// ``ApplicationFailure``, in order with the consumer's outputs. Releasing a communicator counts as a lost connection.
public final class WebSocketCommunicator: Sendable {
    let place: TestLoop
    let stage: ConsumerStage
    private let state: Mutex<State>
    private let badRequest: CommunicatorError?

    private struct State {
        var scope: Scope
        var hasBegun = false
        var result: HandshakeResult?
        /// A closure to call with the headers of the handshake's response.
        var whenAnswered: (@Sendable (HTTPFields) -> Void)?
    }

    /// Creates a client for `path`. It connects later.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one consumer: `Endpoint.consumer(Chat())`.
    ///   - path: The percent-encoded path, with an optional query.
    ///   - headers: The headers of the handshake. The default `Host` is `testserver`.
    ///   - subprotocols: The subprotocols that the client offers, in order of preference.
    ///   - client: The client's address.
    ///   - configuration: The server's configuration. Only the root path, origin check, timeouts and consumer limits
    ///     are used.
    ///   - services: The application's services, such as `ChannelLayers()` that several clients share. Without channel
    ///     layers, this communicator uses its own in-memory layer.
    ///   - clock: A manual clock. The default is the system's clock. Communicators that share a clock share a loop.
    ///   - log: The log of the consumer and the framework. By default, it writes errors to standard error.
    public init(
        _ application: any Application, _ path: String, headers: HTTPFields = HTTPFields(),
        subprotocols: [String] = [], client: SocketAddress = .internet(host: "127.0.0.1", port: 50_000),
        configuration: ServerConfiguration = ServerConfiguration(), services: any ServiceProvider = Services.none,
        clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        place = TestLoop(clock)
        let target = RequestTarget(path, headers)
        var fields = target.headers
        if !subprotocols.isEmpty { fields["Sec-WebSocket-Protocol"] = subprotocols.joined(separator: ", ") }
        badRequest = target.error ?? RequestTarget.check(fields)
        var scope = Scope(
            type: .webSocket, path: target.path, rawPath: target.rawPath, rootPath: configuration.rootPath,
            queryString: target.queryString, headers: fields, client: client,
            server: .internet(host: "127.0.0.1", port: 80), subprotocols: subprotocols,
            services: services.services.adding(ChannelLayers()).adding(ThreadPool()))
        scope.mount()
        state = Mutex(State(scope: scope))
        let application =
            configuration.checksOrigin
            ? SameOriginCheck(application, log: log, loopbackIsOneHost: configuration.loopbackIsOneHost) : application
        stage = ConsumerStage(
            application, configuration: configuration, plays: true, loop: place.loop, log: log)
    }

    /// Creates a client of one consumer, regardless of the path.
    ///
    /// - Parameter consumer: The consumer, created when the client connects.
    public convenience init(
        _ consumer: @autoclosure @escaping @Sendable () -> Consumer, _ path: String = "/",
        headers: HTTPFields = HTTPFields(),
        subprotocols: [String] = [], configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        self.init(
            Endpoint.consumer(consumer()), path, headers: headers, subprotocols: subprotocols,
            configuration: configuration, services: services, clock: clock, log: log)
    }

    /// Creates a client of a router of `routes`.
    ///
    /// - Throws: `RoutingError` for an invalid pattern.
    public convenience init(
        _ routes: [Route], _ path: String, headers: HTTPFields = HTTPFields(), subprotocols: [String] = [],
        configuration: ServerConfiguration = ServerConfiguration(), services: any ServiceProvider = Services.none,
        clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) throws {
        self.init(
            try URLRouter(routes), path, headers: headers, subprotocols: subprotocols, configuration: configuration,
            services: services, clock: clock, log: log)
    }

    deinit {
        place.loop.executeUnlessEnded { [stage] in stage.lose() }
    }

    /// The scope that the application routes. Before ``connect(timeout:)``, a test can add values that middleware would
    /// store.
    public var scope: Scope {
        get { state.withLock { $0.scope } }
        set { state.withLock { $0.scope = newValue } }
    }

    func whenAnswered(_ call: @escaping @Sendable (HTTPFields) -> Void) {
        state.withLock { $0.whenAnswered = call }
    }

    // MARK: The handshake

    /// Sends the handshake and returns the response. After a timeout the application continues to decide, and another
    /// call waits for the same response.
    ///
    /// - Parameter timeout: The maximum real time to wait.
    /// - Throws: ``ApplicationFailure`` if the routing or the consumer's `connect()` throws an error, for which a real
    ///   client gets a 500. ``CommunicatorError`` if no response arrives in time.
    public func connect(timeout: Duration = .seconds(10)) async throws -> HandshakeResult {
        if let badRequest { throw badRequest }
        let scope: Scope? = try state.withLock { state in
            if state.result != nil { throw CommunicatorError.connectedTwice }
            defer { state.hasBegun = true }
            return state.hasBegun ? nil : state.scope
        }
        if let scope { await place.loop.perform { [stage] in stage.begin(scope) } }
        let result: HandshakeResult
        switch try await take(within: timeout, "an answer to the handshake") {
        case .accept(let subprotocol, let headers): result = HandshakeResult(accepted: subprotocol, headers)
        case .deny(let response): result = HandshakeResult(refused: response)
        case .close(let code, _): result = HandshakeResult(refused: .status(.forbidden), closeCode: code)
        case .send(let message):
            throw CommunicatorError(expected: "an answer to the handshake", but: .send(message))
        }
        let answered = state.withLock { state in
            state.result = result
            return state.whenAnswered
        }
        answered?(result.headers)
        return result
    }

    /// Connects, for tests that expect the handshake to be accepted.
    ///
    /// - Throws: ``CommunicatorError`` with the status if the handshake is refused, or the errors of
    ///   ``connect(timeout:)``.
    @discardableResult
    public func open(timeout: Duration = .seconds(10)) async throws -> HandshakeResult {
        let result = try await connect(timeout: timeout)
        guard result.isAccepted else { throw CommunicatorError(refused: result.status, scope.path) }
        return result
    }

    // MARK: Sending

    /// Sends a message to the consumer. As in a server, messages after the consumer's close are dropped.
    ///
    /// - Throws: ``CommunicatorError`` if the handshake was not accepted.
    public func send(_ message: Message) async throws {
        try checkOpen()
        await place.loop.perform { [stage] in stage.put(.receive(message)) }
    }

    /// Sends a text message; Channels' `send_to(text_data=…)`.
    ///
    /// - Throws: The errors of ``send(_:)``.
    public func send(text: String) async throws { try await send(Message(text: text)) }

    /// Sends a binary message; Channels' `send_to(bytes_data=…)`.
    ///
    /// - Throws: The errors of ``send(_:)``.
    public func send(bytes: Bytes) async throws { try await send(Message(binary: bytes)) }

    // MARK: Closing

    /// Closes the socket as a client, after all sent messages, and waits until the consumer's `disconnect` has
    /// returned. If the consumer has already closed, it only waits. Outputs that the test has not received are dropped.
    ///
    /// - Throws: The first ``ApplicationFailure`` that has not been thrown yet. ``CommunicatorError`` if the consumer
    ///   takes longer than `timeout`.
    public func disconnect(
        code: CloseCode = .normal, reason: String = "", timeout: Duration = .seconds(10)
    ) async throws {
        try checkBegun()
        let close = Close(code: code, reason: reason, wasClean: true)
        await place.loop.perform { [stage] in stage.put(.disconnect(close)) }
        try await stage.waitForEnd(within: timeout, at: place)
    }

    /// Loses the connection: the running handler is cancelled, pending messages are dropped, and the consumer's
    /// `disconnect` receives 1006. It waits until `disconnect` has returned. Tasks that the consumer began with `start`
    /// are cancelled, but may still be running.
    ///
    /// - Throws: The errors of ``disconnect(code:reason:timeout:)``.
    public func abort(timeout: Duration = .seconds(10)) async throws {
        try checkBegun()
        await place.loop.perform { [stage] in stage.lose() }
        try await stage.waitForEnd(within: timeout, at: place)
    }

    /// Waits until the consumer's `disconnect` has returned, regardless of the reason for the close.
    ///
    /// - Throws: The errors of ``disconnect(code:reason:timeout:)``.
    public func wait(timeout: Duration = .seconds(10)) async throws {
        try checkBegun()
        try await stage.waitForEnd(within: timeout, at: place)
    }

    // MARK: Checks

    private func checkBegun() throws {
        guard state.withLock({ $0.hasBegun }) else { throw CommunicatorError.notConnected }
    }

    /// - Throws: ``CommunicatorError`` if the socket is not open.
    func checkOpen() throws {
        guard let result = state.withLock({ $0.result }) else { throw CommunicatorError.notConnected }
        guard result.isAccepted else { throw CommunicatorError.notAccepted }
    }

    /// Returns the consumer's next output.
    func take(within timeout: Duration, _ purpose: String) async throws -> ConsumerOutput {
        guard let output = try await place.next(of: stage.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        place.loop.execute { [stage] in stage.taken() }
        return try output.get()
    }
}
