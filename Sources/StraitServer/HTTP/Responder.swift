import StraitConsumers
import StraitHTTP
import StraitNetwork
import StraitRouting
import StraitWebSocket

/// Finds out who answers an exchange, and has it answered: resolves the application, runs the handler, sends its
/// response, or hands the exchange over to a WebSocket. Loop-bound.
final class Responder: ExchangeDriver {
    private let exchange: Exchange
    private let server: ServerLoop
    private let body: ExchangeBody
    private var sink: ExchangeSink?
    private var task: Task<Void, Never>?
    private var isOver = false
    /// Whether the response's body is written as it comes, by the application.
    private var isStreaming = false
    /// The client, which a trusted proxy may have told.
    private(set) var client: SocketAddress
    private var isHandshake = false
    private var status = 0
    private var sentBytes = 0

    init(exchange: Exchange, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
        body = ExchangeBody(exchange)
        client = exchange.peer
    }

    func begin() {
        exchange.driver = self
        // Sound: responder and exchange stay on this loop, whose isolation the task has.
        nonisolated(unsafe) let responder = self
        task = server.loop.isolation.startTask { unsafe await responder.run($0) }
    }

    // MARK: Who answers

    private func run(_ isolation: isolated LoopIsolation) async {
        server.loop.names("\(exchange.head.method.rawValue) \(exchange.head.rawPath)")
        do {
            if let response = try await answer(isolation) { await send(response, isolation) }
        } catch {
            await send(failure(error), isolation)
        }
        task = nil
    }

    /// The response, or nil where the exchange became a WebSocket.
    private func answer(_ isolation: isolated LoopIsolation) async throws -> Response? {
        let head = exchange.head
        let forwarded = server.configuration.proxies.forwarded(head.fields, peer: exchange.peer)
        client = forwarded.client
        guard head.method != .connect else { return .status(.notImplemented) }
        let handshake: HandshakeRequest?
        do throws(HandshakeRefusal) {
            handshake = try HandshakeRequest(
                method: head.method.rawValue, isHTTP11: head.version == .http11,
                values: { head.fields.values(of: $0) })
        } catch {
            return refusal(error)
        }
        isHandshake = handshake != nil
        if isHandshake { server.accessLog?.connecting(peer: client, path: head.rawPath) }
        var scope = Scope(
            type: isHandshake ? .webSocket : .http, head: head, isSecure: forwarded.isSecure,
            rootPath: server.configuration.rootPath, client: client, server: exchange.local)
        if !scope.rootPath.isEmpty { scope.path = scope.rootPath + scope.path }
        guard let resolution = try await server.application.resolve(scope) else { return .notFound }
        if isOver { return nil }
        switch resolution.endpoint {
        case .response(let response):
            return fixed(response)
        case .http(let handler):
            let length: Int? = if case .length(let count) = head.body { count } else { nil }
            let body = RequestBody(body, contentLength: head.body == .none ? 0 : length)
            return try await handler.respond(to: Request(scope: resolution.scope, body: body))
        case .webSocket(let endpoint):
            guard let endpoint = endpoint as? ConsumerEndpoint, let handshake else {
                return .status(.internalServerError)
            }
            let driver = WebSocketDriver(
                exchange: exchange,
                opening: OpeningHandshake(
                    request: handshake, responder: self, acceptHeaders: resolution.acceptHeaders),
                server: server)
            exchange.driver = driver
            driver.begin(endpoint.make(), scope: resolution.scope)
            return nil
        }
    }

    /// A response that was known before the request. A refusal answers everything; a page answers only who wants to read
    /// it.
    private func fixed(_ response: Response) -> Response {
        guard (200..<300).contains(response.status.code) else { return response }
        if isHandshake { return .notFound }
        guard exchange.head.method == .get || exchange.head.method == .head else {
            var refusal = Response.status(.methodNotAllowed)
            refusal.headers["Allow"] = "GET, HEAD"
            return refusal
        }
        return response
    }

    /// The answer to a request for a WebSocket that cannot be one.
    private func refusal(_ refusal: HandshakeRefusal) -> Response {
        var response = Response.text(refusal.reason + "\n", status: HTTPStatus(refusal.status))
        for field in refusal.fields { response.headers[field.name] = field.value }
        return response
    }

    private func failure(_ error: any Error) -> Response {
        if let error = error as? any HTTPStatusError {
            if error.status.code >= 500 { server.log.error("\(exchange.head.rawPath): \(error)") }
            return error.status.code < 500
                ? .text(error.description + "\n", status: error.status) : .status(error.status)
        }
        if error is CancellationError, isOver { return .status(.internalServerError) }
        server.log.error("\(exchange.head.method.rawValue) \(exchange.head.rawPath) failed: \(error)")
        return .status(.internalServerError)
    }

    // MARK: The response

    /// Sends `response`, for a WebSocket that refuses its handshake.
    func sendLater(_ response: Response) {
        exchange.driver = self
        // Sound: as in `begin`.
        nonisolated(unsafe) let responder = self
        task = server.loop.isolation.startTask { unsafe await responder.send(response, $0) }
    }

    private func send(_ response: Response, _ isolation: isolated LoopIsolation) async {
        do {
            try await write(response, isolation)
            if !isOver { exchange.finish() }
        } catch {
            if isOver || error is CancellationError { return exchange.abort() }
            server.log.error("The response to \(exchange.head.rawPath) failed: \(error)")
            // Half a response cannot be taken back; the client sees it cut off. Before its head it can be replaced.
            if status == 0, case .none = sink {
                respond(.status(.internalServerError))
            } else {
                exchange.abort()
            }
        }
    }

    /// Sends a response that is there as a whole.
    private func respond(_ response: Response) {
        guard case .bytes(let bytes) = response.body else { return exchange.abort() }
        do {
            try sendHead(response, .known(bytes.count))
            try exchange.sendBody(bytes)
            exchange.finish()
        } catch {
            exchange.abort()
        }
    }

    private func sendHead(_ response: Response, _ length: HTTPResponseEncoder.BodyLength) throws(HTTPResponseError) {
        try exchange.sendHead(HTTPResponseHead(status: response.status, fields: response.headers), body: length)
        status = response.status.code
        if case .known(let count) = length { sentBytes = count }
    }

    private func write(_ response: Response, _ isolation: isolated LoopIsolation) async throws {
        switch response.body {
        case .empty:
            try sendHead(response, .none)
        case .bytes(let bytes):
            try sendHead(response, .known(bytes.count))
            try exchange.sendBody(bytes)
        case .stream(let write):
            try sendHead(response, .unknown)
            guard exchange.head.method != .head else { return }
            let sink = ExchangeSink(exchange)
            self.sink = sink
            isStreaming = true
            defer { sentBytes = sink.count }
            try await write(ResponseBodyWriter(sink))
        case .file(let path):
            guard let file = FileBody(path: path) else { return try await self.write(.notFound, isolation) }
            try sendHead(response, .known(file.count))
            guard exchange.head.method != .head else { return }
            let sink = ExchangeSink(exchange)
            self.sink = sink
            var offset = 0
            while offset < file.count {
                let piece = try await file.read(at: offset)
                if piece.isEmpty { break }
                offset += piece.count
                try await sink.write(piece)
            }
        }
    }

    // MARK: Exchange

    func received(_ body: Span<UInt8>) { self.body.put(body) }
    func receivedEnd() { body.end(nil) }
    func drained() { sink?.drained() }

    func peerHungUp() {
        // It may only have finished sending; whether it is gone shows when the response is written. A stream may wait
        // for long before it writes.
        if isStreaming { task?.cancel() }
    }

    func serverStops() {
        // A stream may go on for ever; any other response comes to its end.
        if isStreaming { task?.cancel() }
    }

    func ended(_ error: TransportError?) {
        guard !isOver else { return }
        isOver = true
        body.end(error ?? .closed)
        sink?.end()
        if error != nil { task?.cancel() }
        if isHandshake {
            server.accessLog?.rejected(peer: client, path: exchange.head.rawPath)
        } else if status > 0 {
            server.accessLog?.request(
                peer: client, method: exchange.head.method.rawValue, path: exchange.head.rawPath, status: status,
                bytes: sentBytes)
        }
    }
}
