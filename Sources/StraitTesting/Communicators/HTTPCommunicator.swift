public import StraitConsumers
public import StraitHTTP
import StraitLayers
public import StraitNetwork
public import StraitRouting
public import StraitServer
import Synchronization

/// One request without a network: to a page or to an `HTTPConsumer`, through the application's real routing and
/// middleware. Channels' `HttpCommunicator`.
///
/// ```swift
/// let communicator = try HTTPCommunicator([path("cart/", Cart())], .get, "/cart/?page=2")
/// let response = try await communicator.response()
/// #expect(response.status == .ok)
/// #expect(response.text.contains("Tea"))
/// ```
///
/// A response that never ends, as an event stream, is read piece by piece: ``head(timeout:)``,
/// ``receivePiece(timeout:)``, and ``disconnect(timeout:)`` in the end. An error with a status is answered with it, as
/// the server does; any other is raised as ``ApplicationFailure``. Fields that belong to the wire, such as
/// `Content-Length` and `Date`, are not among the headers.
public final class HTTPCommunicator: Sendable {
    private let place: TestLoop
    private let stage: HTTPStage
    private let body: Bytes
    private let state: Mutex<State>
    private let badRequest: CommunicatorError?

    private struct State {
        var scope: Scope
        var hasBegun = false
    }

    /// A request that is about to be sent.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one handler: `Endpoint.consumer(Poll())`.
    ///   - method: The method, `"GET"` or `.get`.
    ///   - path: The path as a client would send it, percent-coded, perhaps with `?` and a query.
    ///   - body: The whole body.
    ///   - headers: The request's fields; `Host` is `testserver` where you give none.
    ///   - client: Where the client is.
    ///   - configuration: How the server behaves: its root path, and how long a consumer may go on after its request.
    ///   - services: The services of the application, such as `ChannelLayers()` that several clients share. Without
    ///     channel layers among them, this one has a layer in memory of its own.
    ///   - clock: A clock to move by hand; without one, the machine's. Communicators that share a clock share a loop.
    ///   - log: Where the application and the framework say what happened; errors to standard error by default.
    public init(
        _ application: any Application, _ method: HTTPMethod, _ path: String, body: Bytes = Bytes(),
        headers: HTTPFields = HTTPFields(), client: SocketAddress = .internet(host: "127.0.0.1", port: 50_000),
        configuration: ServerConfiguration = ServerConfiguration(), services: any ServiceProvider = Services.none,
        clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        place = TestLoop(clock)
        self.body = body
        let target = RequestTarget(path, headers)
        badRequest = target.error ?? RequestTarget.check(target.headers)
        var scope = Scope(
            method: method, path: target.path, rawPath: target.rawPath, rootPath: configuration.rootPath,
            queryString: target.queryString, headers: target.headers, client: client,
            server: .internet(host: "127.0.0.1", port: 80), services: services.services.adding(ChannelLayers()))
        scope.mount()
        state = Mutex(State(scope: scope))
        stage = HTTPStage(application, configuration: configuration, loop: place.loop, log: log)
    }

    /// A request to one consumer, whatever the path.
    ///
    /// - Parameter consumer: Evaluated when the request is sent.
    public convenience init(
        _ consumer: @autoclosure @escaping @Sendable () -> HTTPConsumer, _ method: HTTPMethod = .get,
        _ path: String = "/", body: Bytes = Bytes(),
        headers: HTTPFields = HTTPFields(), configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) {
        self.init(
            Endpoint.consumer(consumer()), method, path, body: body, headers: headers, configuration: configuration,
            services: services, clock: clock, log: log)
    }

    /// A request to a router of `routes`.
    ///
    /// - Throws: `RoutingError` for a pattern that is wrong.
    public convenience init(
        _ routes: [Route], _ method: HTTPMethod, _ path: String, body: Bytes = Bytes(),
        headers: HTTPFields = HTTPFields(), configuration: ServerConfiguration = ServerConfiguration(),
        services: any ServiceProvider = Services.none, clock: ManualClock? = nil, log: Log = Log(level: .error)
    ) throws {
        self.init(
            try URLRouter(routes), method, path, body: body, headers: headers, configuration: configuration,
            services: services, clock: clock, log: log)
    }

    deinit {
        place.loop.executeUnlessEnded { [stage] in stage.leave() }
    }

    /// What the application is asked with. Change it before the request is sent, to put in what middleware would.
    public var scope: Scope {
        get { state.withLock { $0.scope } }
        set { state.withLock { $0.scope = newValue } }
    }

    // MARK: As a whole

    /// Sends the request and waits for the whole response. Channels' `get_response`.
    ///
    /// - Parameter timeout: How long to wait, in real time. Where it passes, the pieces that came are gone, and the
    ///   application goes on.
    /// - Throws: ``ApplicationFailure`` where the application threw an error, even after a part of the response;
    ///   ``CommunicatorError`` where it takes too long.
    public func response(timeout: Duration = .seconds(10)) async throws -> HTTPResponse {
        let deadline = ContinuousClock.now + timeout
        var response = try await head(timeout: timeout)
        while let piece = try await piece(within: ContinuousClock.now.duration(to: deadline), of: timeout) {
            response.pieces.append(piece)
        }
        return response
    }

    // MARK: Piece by piece

    /// Sends the request and waits for the response's status and headers; no pieces are in it yet.
    ///
    /// - Throws: As ``response(timeout:)``.
    public func head(timeout: Duration = .seconds(10)) async throws -> HTTPResponse {
        try await begin()
        let purpose = "the head of the response"
        guard case .head(let status, let headers) = try await next(timeout, of: timeout, purpose) else {
            throw CommunicatorError(
                .misuse, "The head of this response was taken already. Ask for its body with receivePiece().")
        }
        return HTTPResponse(status: status, headers: headers)
    }

    /// The next piece of the body as the application wrote it, or nil at the end, once a consumer's `disconnect` has
    /// returned too.
    ///
    /// - Throws: As ``response(timeout:)``.
    public func receivePiece(timeout: Duration = .seconds(10)) async throws -> Bytes? {
        try await piece(within: timeout, of: timeout)
    }

    private func piece(within limit: Duration, of whole: Duration) async throws -> Bytes? {
        guard let output = try await next(limit, of: whole, "a piece of the response") else { return nil }
        guard case .piece(let bytes) = output else {
            throw CommunicatorError(.misuse, "The head of this response comes first. Await head() before.")
        }
        return bytes
    }

    /// Whether nothing comes for `duration` of real time; what comes is kept. On a manual clock this takes no time.
    ///
    /// - Throws: ``ApplicationFailure`` where the application threw an error.
    public func receiveNothing(for duration: Duration = .milliseconds(100)) async throws -> Bool {
        try await begin()
        do {
            let output = try await place.next(of: stage.outbox, within: duration, takes: false, for: "nothing")
            guard case .failure(let failure) = output else { return output == nil }
            _ = stage.outbox.take()
            throw failure
        } catch let error as CommunicatorError where error.code == .timeout || error.code == .idle {
            return true
        }
    }

    /// The client goes away: a handler that waits is cancelled. Waits until the application is done with the request.
    ///
    /// - Throws: ``ApplicationFailure`` where it threw an error other than that it was cancelled; ``CommunicatorError``
    ///   where it takes too long.
    public func disconnect(timeout: Duration = .seconds(10)) async throws {
        guard state.withLock({ $0.hasBegun }) else { return }
        await place.loop.perform { [stage] in stage.leave() }
        let deadline = ContinuousClock.now + timeout
        let purpose = "the end of the request"
        while try await next(ContinuousClock.now.duration(to: deadline), of: timeout, purpose) != nil {}
    }

    private func begin() async throws {
        if let badRequest { throw badRequest }
        let scope: Scope? = state.withLock { state in
            defer { state.hasBegun = true }
            return state.hasBegun ? nil : state.scope
        }
        guard let scope else { return }
        await place.loop.perform { [stage, body] in stage.begin(scope, body) }
    }

    private func next(
        _ limit: Duration, of whole: Duration, _ purpose: String
    ) async throws -> HTTPStage.Output? {
        let output = try await place.next(of: stage.outbox, within: limit, of: whole, for: purpose)
        if case .failure(let failure) = output { throw failure }
        place.loop.execute { [stage] in stage.taken() }
        return output
    }
}
