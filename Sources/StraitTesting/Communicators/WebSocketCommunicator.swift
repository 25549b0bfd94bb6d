public import StraitConsumers
public import StraitHTTP
import StraitLayers
public import StraitNetwork
public import StraitRouting
public import StraitServer
public import StraitWebSocket
import Synchronization

/// A WebSocket client without a network: it talks to a consumer through the application's real routing and middleware,
/// and a real session of the consumer, but without frames. Channels' `WebsocketCommunicator`.
///
/// ```swift
/// let communicator = WebSocketCommunicator(Chat(), "/ws/chat/?name=Ann")
/// try await communicator.open()                                  // or look at what connect() returns
/// try await communicator.send(text: "hi")
/// #expect(try await communicator.receiveText() == "Ann: hi")
/// try await communicator.disconnect()
/// ```
///
/// It behaves as a client of the server does: where the consumer closes it answers with a close frame of the same code,
/// a handshake that nobody decides about is refused after the server's `handshakeTimeout`, and it counts as a slow peer
/// where the test leaves more unread than the server's limits allow. Limits of messages and frames, pings and
/// compression belong to the wire: test them with a ``MemoryServer``.
///
/// A wait that takes too long throws ``CommunicatorError``, and disturbs nothing. An error that the application throws
/// is raised as ``ApplicationFailure`` in its place among what the consumer did. A communicator that is dropped counts
/// as a lost connection.
public final class WebSocketCommunicator: Sendable {
    let place: TestLoop
    let stage: ConsumerStage
    private let state: Mutex<State>
    private let badRequest: CommunicatorError?

    private struct State {
        var scope: Scope
        var hasBegun = false
        var result: HandshakeResult?
        /// Called with the headers of the answer to the handshake.
        var whenAnswered: (@Sendable (HTTPFields) -> Void)?
    }

    /// A client that is about to ask for `path`.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one consumer: `Endpoint.consumer(Chat())`.
    ///   - path: The path as a client would send it, percent-coded, perhaps with `?` and a query.
    ///   - headers: The fields of the handshake; `Host` is `testserver` where you give none.
    ///   - subprotocols: What the client would speak, the most wanted first.
    ///   - client: Where the client is.
    ///   - configuration: How the server behaves: its root path, origin check, time limits and limits of consumers.
    ///   - services: The services of the application, such as `ChannelLayers()` that several clients share. Without
    ///     channel layers among them, this one has a layer in memory of its own.
    ///   - clock: A clock to move by hand; without one, the machine's. Communicators that share a clock share a loop.
    ///   - log: Where the consumer and the framework say what happened; errors to standard error by default.
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
            services: services.services.adding(ChannelLayers()))
        scope.mount()
        state = Mutex(State(scope: scope))
        let application =
            configuration.checksOrigin
            ? SameOriginCheck(application, log: log, loopbackIsOneHost: configuration.loopbackIsOneHost) : application
        stage = ConsumerStage(
            application, configuration: configuration, plays: true, loop: place.loop, log: log)
    }

    /// A client of one consumer, whatever the path.
    ///
    /// - Parameter consumer: Evaluated when the client connects.
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

    /// A client of a router of `routes`.
    ///
    /// - Throws: `RoutingError` for a pattern that is wrong.
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

    /// What the application is asked with. Change it before ``connect(timeout:)``, to put in what middleware would.
    public var scope: Scope {
        get { state.withLock { $0.scope } }
        set { state.withLock { $0.scope = newValue } }
    }

    func whenAnswered(_ call: @escaping @Sendable (HTTPFields) -> Void) {
        state.withLock { $0.whenAnswered = call }
    }

    // MARK: The handshake

    /// Asks for the socket, and waits for the answer. Where it takes too long the application goes on with deciding:
    /// call this again to wait on.
    ///
    /// - Parameter timeout: How long to wait, in real time.
    /// - Throws: ``ApplicationFailure`` where the routing or `connect()` threw an error, rather than returning the 500
    ///   that a client gets; ``CommunicatorError`` where nothing came.
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

    /// Connects, for tests that take it for granted that the handshake is accepted.
    ///
    /// - Throws: ``CommunicatorError`` with the status where it was refused; as ``connect(timeout:)``.
    @discardableResult
    public func open(timeout: Duration = .seconds(10)) async throws -> HandshakeResult {
        let result = try await connect(timeout: timeout)
        guard result.isAccepted else { throw CommunicatorError(refused: result.status, scope.path) }
        return result
    }

    // MARK: Sending

    /// Sends a message to the consumer. What is sent after the consumer closed is dropped, as in a server.
    ///
    /// - Throws: ``CommunicatorError`` where the handshake was not accepted.
    public func send(_ message: Message) async throws {
        try checkOpen()
        await place.loop.perform { [stage] in stage.put(.receive(message)) }
    }

    /// Sends a text message. Channels' `send_to(text_data=…)`.
    ///
    /// - Throws: As ``send(_:)``.
    public func send(text: String) async throws { try await send(Message(text: text)) }

    /// Sends a binary message. Channels' `send_to(bytes_data=…)`.
    ///
    /// - Throws: As ``send(_:)``.
    public func send(bytes: Bytes) async throws { try await send(Message(binary: bytes)) }

    // MARK: The end

    /// Closes the socket from the client's side, behind what was sent before, and waits until the consumer's
    /// `disconnect` has returned. Where the consumer closed already it only waits. What was not received is dropped.
    ///
    /// - Throws: The first ``ApplicationFailure`` that was not raised yet; ``CommunicatorError`` where the consumer takes
    ///   longer than `timeout`.
    public func disconnect(
        code: CloseCode = .normal, reason: String = "", timeout: Duration = .seconds(10)
    ) async throws {
        try checkBegun()
        let close = Close(code: code, reason: reason, wasClean: true)
        await place.loop.perform { [stage] in stage.put(.disconnect(close)) }
        try await stage.waitForEnd(within: timeout, at: place)
    }

    /// Loses the connection: the running handler is cancelled, messages that wait are dropped, and `disconnect` is told
    /// 1006. Waits until that has returned. What `start` began is cancelled, and may still be ending.
    ///
    /// - Throws: As ``disconnect(code:reason:timeout:)``.
    public func abort(timeout: Duration = .seconds(10)) async throws {
        try checkBegun()
        await place.loop.perform { [stage] in stage.lose() }
        try await stage.waitForEnd(within: timeout, at: place)
    }

    /// Waits until the consumer's `disconnect` has returned, whatever ended the socket.
    ///
    /// - Throws: As ``disconnect(code:reason:timeout:)``.
    public func wait(timeout: Duration = .seconds(10)) async throws {
        try checkBegun()
        try await stage.waitForEnd(within: timeout, at: place)
    }

    // MARK: Checks

    private func checkBegun() throws {
        guard state.withLock({ $0.hasBegun }) else { throw CommunicatorError.notConnected }
    }

    /// - Throws: Where there is no socket.
    func checkOpen() throws {
        guard let result = state.withLock({ $0.result }) else { throw CommunicatorError.notConnected }
        guard result.isAccepted else { throw CommunicatorError.notAccepted }
    }

    /// What the consumer did next.
    func take(within timeout: Duration, _ purpose: String) async throws -> ConsumerOutput {
        guard let output = try await place.next(of: stage.outbox, within: timeout, for: purpose) else {
            throw CommunicatorError.ended(purpose)
        }
        place.loop.execute { [stage] in stage.taken() }
        return try output.get()
    }
}
