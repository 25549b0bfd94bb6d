public import StraitConsumers
public import StraitCore
public import StraitHTTP
import StraitJSON
import StraitLayers
public import StraitRouting
public import StraitServer
import Synchronization

/// A single request without a network, to a page or an `HTTPConsumer`; Channels' `HttpCommunicator`. It uses the
/// application's real routing and middleware.
///
/// ```swift
/// let communicator = try HTTPCommunicator([path("cart/", Cart())], .get, "/cart/?page=2")
/// let response = try await communicator.response()
/// #expect(response.status == .ok)
/// #expect(response.text.contains("Tea"))
/// ```
///
/// Read an endless response, such as an event stream, in pieces with ``head(timeout:)`` and ``receivePiece(timeout:)``,
/// and finish with ``disconnect(timeout:)``. As in the server, an error with a status results in a response. Any other
/// error is thrown as ``ApplicationFailure``. Headers that the server adds, such as `Content-Length` and `Date`, are
/// missing.
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

    /// Creates a request. It is sent later.
    ///
    /// - Parameters:
    ///   - application: A router, middleware, or one handler: `Endpoint.consumer(Poll())`.
    ///   - method: The method, `"GET"` or `.get`.
    ///   - path: The percent-encoded path, with an optional query.
    ///   - body: The complete body.
    ///   - headers: The request's headers. The default `Host` is `testserver`.
    ///   - client: The client's address.
    ///   - configuration: The server's configuration. Only the root path and the close timeout of consumers are used.
    ///   - services: The application's services, such as `ChannelLayers()` that several clients share. Without channel
    ///     layers, this communicator uses its own in-memory layer.
    ///   - clock: A manual clock. The default is the system's clock. Communicators that share a clock share a loop.
    ///   - log: The log of the application and the framework. By default, it writes errors to standard error.
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
            server: .internet(host: "127.0.0.1", port: 80),
            services: services.services.adding(ChannelLayers()).adding(ThreadPool()))
        scope.mount()
        state = Mutex(State(scope: scope))
        stage = HTTPStage(application, configuration: configuration, loop: place.loop, log: log)
    }

    /// Creates a request to one consumer, regardless of the path.
    ///
    /// - Parameter consumer: The consumer, created when the request is sent.
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

    /// Creates a request to a router of `routes`.
    ///
    /// - Throws: `RoutingError` for an invalid pattern.
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

    /// The scope that the application routes. Before the request is sent, a test can add values that middleware would
    /// store.
    public var scope: Scope {
        get { state.withLock { $0.scope } }
        set { state.withLock { $0.scope = newValue } }
    }

    // MARK: Complete responses

    /// Sends the request and returns the complete response; Channels' `get_response`.
    ///
    /// - Parameter timeout: The maximum real time to wait. After a timeout the application continues to run, but the
    ///   pieces received so far are lost.
    /// - Throws: ``ApplicationFailure`` if the application throws an error, even after a part of the response.
    ///   ``CommunicatorError`` if the response takes too long.
    public func response(timeout: Duration = .seconds(10)) async throws -> HTTPResponse {
        let deadline = ContinuousClock.now + timeout
        var response = try await head(timeout: timeout)
        while let piece = try await piece(within: ContinuousClock.now.duration(to: deadline), of: timeout) {
            response.pieces.append(piece)
        }
        return response
    }

    // MARK: Responses in pieces

    /// Sends the request and returns the response's status and headers, without its body.
    ///
    /// - Throws: The errors of ``response(timeout:)``.
    public func head(timeout: Duration = .seconds(10)) async throws -> HTTPResponse {
        try await begin()
        let purpose = "the head of the response"
        guard case .head(let status, let headers) = try await next(timeout, of: timeout, purpose) else {
            throw CommunicatorError(
                .misuse, "The head of this response was already received. Read the body with receivePiece().")
        }
        return HTTPResponse(status: status, headers: headers)
    }

    /// Returns the next piece of the body as the application wrote it. Returns nil at the end; if a consumer responds,
    /// its `disconnect` has then returned.
    ///
    /// - Throws: The errors of ``response(timeout:)``.
    public func receivePiece(timeout: Duration = .seconds(10)) async throws -> Bytes? {
        try await piece(within: timeout, of: timeout)
    }

    private func piece(within limit: Duration, of whole: Duration) async throws -> Bytes? {
        guard let output = try await next(limit, of: whole, "a piece of the response") else { return nil }
        guard case .piece(let bytes) = output else {
            throw CommunicatorError(.misuse, "The head of this response was not received yet. Await head() first.")
        }
        return bytes
    }

    /// Returns whether no output arrives for `duration` of real time. Any output is kept. With a manual clock, this
    /// takes no time.
    ///
    /// - Throws: ``ApplicationFailure`` if the application throws an error.
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

    /// Disconnects the client, which cancels a waiting handler. Returns when the application has finished with the
    /// request.
    ///
    /// - Throws: ``ApplicationFailure`` if the application throws an error other than its cancellation.
    ///   ``CommunicatorError`` if it takes too long.
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

/// A response that a test received.
public struct HTTPResponse: Sendable {
    /// The status.
    public let status: HTTPStatus
    /// The headers that the application and middleware set.
    public let headers: HTTPFields
    /// The body in the pieces that the application wrote: one, or more if it was streamed.
    public internal(set) var pieces: [Bytes] = []

    init(status: HTTPStatus, headers: HTTPFields) {
        self.status = status
        self.headers = headers
    }

    /// The complete body.
    public var body: Bytes {
        var whole = ByteBuffer(capacity: pieces.reduce(0) { $0 + $1.count })
        for piece in pieces { whole.append(piece) }
        return whole.freeze()
    }

    /// The body as UTF-8 text. Invalid bytes become U+FFFD.
    public var text: String { String(decoding: body, as: UTF8.self) }

    /// Decodes the body as JSON.
    ///
    /// - Throws: `JSONError` if the body is not JSON, or `DecodingError` if it does not fit the type.
    public func json<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
        try JSONCoder().decode(type, from: body)
    }
}
