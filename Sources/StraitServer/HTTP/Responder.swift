import StraitConsumers
import StraitCore
import StraitHTTP
import StraitLayers
import StraitRouting
import StraitWebSocket

/// The driver of an exchange from its head to its response. It resolves the application and runs the handler. It then
/// sends the response or passes the exchange to a WebSocket. Loop-bound.
final class Responder: ExchangeDriver {
    let exchange: any Exchange
    let server: ServerLoop
    /// The request's body, or nil if there is none.
    let body: ExchangeBody?
    let sender: ResponseSender
    var task: Task<Void, Never>?
    /// The result of routing, if it was found without a task. The task uses it.
    var resolved: Result<Resolution?, any Error>?
    private var hasEnded = false
    /// The client's address, which a trusted proxy may have forwarded.
    let client: SocketAddress
    private let isSecure: Bool
    var isHandshake = false
    /// Whether the request is an invalid WebSocket handshake, which gets an ordinary error response.
    private(set) var isMalformed = false
    /// Whether a handshake was refused outside of the task that calls the application. The task's result is then
    /// ignored.
    var isRefused = false
    /// The handshake timeout, which also limits middleware.
    var timer: LoopTimer?
    /// The consumer that refused a handshake, if it is known, and the reason.
    var refusal: (consumer: String?, reason: String) = (nil, "refused by middleware")
    /// Whether the handler is cancelled when the client disconnects or the server stops.
    private var endsWithClient = false

    init(exchange: any Exchange, server: ServerLoop) {
        self.exchange = exchange
        self.server = server
        body = exchange.head.body == .none ? nil : ExchangeBody(exchange)
        sender = ResponseSender(exchange, server: server)
        let forwarded = server.configuration.proxies.forwarded(exchange.head.fields, peer: exchange.peer)
        client = forwarded.client
        isSecure = forwarded.isSecure
    }

    func begin() {
        exchange.driver = self
        let isBegun = server.loop.watched("\(exchange.head.method.rawValue) \(exchange.head.rawPath)") {
            exchange.head.fields.contains("upgrade") ? openNow() : respondNow()
        }
        if isBegun { return }
        // SAFETY: the responder and the exchange stay on this loop, and the task is isolated to it.
        nonisolated(unsafe) let responder = self
        task = server.loop.isolation.startTask { await unsafe responder.run($0) }
    }

    /// The path of the request as metadata, because the client chose it.
    var place: LogMetadata { ["path": "\(exchange.head.rawPath)"] }

    // MARK: Without a task

    /// Answers a plain request at once if nothing on its path has to wait: neither the middleware, nor the handler, nor
    /// later changes of the response.
    ///
    /// - Returns: Whether the request was answered. If not, a task is needed.
    private func respondNow() -> Bool {
        let head = exchange.head
        guard body == nil, head.method != .connect, head.rawPath != "*" else { return false }
        var response: Response?
        do {
            switch try server.application.resolveNow(scope()) {
            case .waits: return false
            case .resolved(nil): response = .notFound
            case .resolved(let resolution?):
                response = try resolution.respondNow(to: request(resolution.scope))
                guard response != nil else {
                    resolved = .success(resolution)
                    return false
                }
            }
        } catch {
            response = failure(error)
        }
        guard let response else { return true }
        if sender.sendNow(response) { return true }
        sendLater(response)
        return true
    }

    /// The request's scope before routing.
    func scope() -> Scope {
        var scope = Scope(
            type: isHandshake ? .webSocket : .http, head: exchange.head, isSecure: isSecure,
            rootPath: server.configuration.rootPath, client: client, server: exchange.local,
            services: server.services)
        scope.mount()
        return scope
    }

    // MARK: In a task

    private func run(_ isolation: isolated LoopIsolation) async {
        server.loop.names("\(exchange.head.method.rawValue) \(exchange.head.rawPath)")
        // The connection may have ended since its head was read.
        if hasEnded { return }
        var response: Response?
        do {
            response = try await answer(isolation)
        } catch {
            response = failure(error)
        }
        // The refusal has started another task.
        if isRefused { return }
        disarm()
        if let response { await sender.send(response, isolation) }
        task = nil
    }

    /// Returns the response, or nil if the exchange became a WebSocket or has ended.
    private func answer(_ isolation: isolated LoopIsolation) async throws -> Response? {
        let head = exchange.head
        guard head.method != .connect else { return .status(.notImplemented) }
        // RFC 9110 §9.3.7: a request for the whole server only tests that it is there.
        guard head.rawPath != "*" else { return Response(status: .noContent) }
        let handshake: HandshakeRequest?
        do throws(HandshakeRejection) {
            handshake = try self.handshake()
        } catch {
            refusal.reason = error.reason
            isMalformed = true
            return error.response
        }
        if handshake != nil {
            // RFC 9110 §7.8: the other protocol begins after the request, and no code reads a body here.
            guard head.body == .none else {
                isMalformed = true
                refusal.reason = "the handshake has a body"
                return .text("A WebSocket handshake has no body.\n", status: .badRequest)
            }
            try beginHandshake()
        }
        let found: Resolution?
        if let resolved {
            self.resolved = nil
            found = try resolved.get()
        } else {
            found = try await server.application.resolve(scope())
        }
        if hasEnded || isRefused { return nil }
        guard let resolution = found else {
            if isHandshake {
                refusal.reason = "no route"
                await explainMissingRoute(scope())
            }
            return .notFound
        }
        switch resolution.endpoint {
        case .http(let handler):
            endsWithClient = handler.endsWithClient
            refusal.reason = "the path is a page"
            if endsWithClient { try exchange.checkCanContinue(server) }
            return try await resolution.respond(to: request(resolution.scope))
        case .response, .worker:
            return try await resolution.respond(to: request(resolution.scope))
        case .webSocket(let endpoint):
            guard let endpoint = endpoint as? ConsumerEndpoint, let handshake, let deadline = timer?.deadline else {
                server.log.error(
                    "\(type(of: endpoint)) cannot serve a WebSocket. Route the path to a consumer.", metadata: place)
                return .status(.internalServerError)
            }
            disarm()
            open(handshake, resolution, endpoint, until: deadline)
            return nil
        }
    }

    /// Returns the request for the handler.
    private func request(_ scope: Scope) -> Request {
        let length: Int? = if case .length(let count) = exchange.head.body { count } else { nil }
        return Request(
            scope: scope, body: body.map { RequestBody($0, contentLength: length) } ?? RequestBody(), host: server)
    }

    /// Returns the response to `error`, or nil if the client no longer waits for one.
    private func failure(_ error: any Error) -> Response? {
        if let error = error as? any HTTPStatusError {
            if error.status.code >= 500 { server.log.error("\(error)", metadata: place) }
            return .answering(error)
        }
        if error is CancellationError {
            if hasEnded || isRefused { return nil }
            if exchange.peerHasHungUp {
                exchange.abort()
                return nil
            }
            if server.isStopping { return .status(.serviceUnavailable) }
        }
        if hasEnded, let error = error as? TransportError, error.isPeerFault {
            server.log.info("upload ended early", metadata: place.merging(["reason": "\(error)"]))
            return nil
        }
        refusal.reason = "middleware failed"
        server.log.error("\(exchange.head.method.rawValue) failed: \(error)", metadata: place)
        return .status(.internalServerError)
    }

    /// Sends `response` in a task, for files, streams and refused handshakes. `resolution` may change it first.
    func sendLater(_ response: Response, changedBy resolution: Resolution? = nil) {
        if isHandshake { isRefused = true }
        exchange.driver = self
        // SAFETY: as in `begin`.
        nonisolated(unsafe) let responder = self
        task = server.loop.isolation.startTask { isolation in
            var response = response
            do {
                try await resolution?.finish(&response)
            } catch {
                unsafe responder.server.log.error(
                    "Middleware failed for a refused handshake: \(error)", metadata: responder.place)
                response = .status(.internalServerError)
            }
            unsafe await responder.sender.send(response, isolation)
        }
    }

    // MARK: Exchange

    var expectsFrames: Bool { isUndecided }

    func received(_ body: Span<UInt8>) { self.body?.put(body) }
    func receivedEnd() { body?.end(nil) }
    func drained() { sender.drained() }

    func peerHungUp(hasUnread: Bool) {
        // Frames follow the handshake, which has its own timeout.
        if hasUnread { return }
        if isUndecided {
            abandon()
            exchange.abort()
        } else if sender.isStreaming || endsWithClient {
            // The client may only have finished sending; a write will show whether it has disconnected. A handler that
            // may wait long before it writes is cancelled now.
            task?.cancel()
        }
    }

    func serverStops() {
        if isUndecided {
            refuseHandshake("the server is stopping")
        } else if sender.isStreaming || endsWithClient {
            // Such a handler may run forever; any other response ends by itself.
            task?.cancel()
        }
    }

    func closed(_ error: TransportError?) {
        guard !hasEnded else { return }
        hasEnded = true
        disarm()
        body?.end(error ?? .closed)
        sender.end()
        if error != nil { task?.cancel() }
        let path = exchange.head.rawPath
        if !isHandshake {
            server.traffic.answered(exchange.status?.code)
            server.accessLog?.request(
                peer: client, method: exchange.head.method.rawValue, path: path, status: exchange.status?.code,
                bytes: exchange.bodyBytes)
            if isMalformed, let status = exchange.status { logRejection(status) }
        } else if let status = exchange.status {
            server.counters.refuseHandshake(status)
            server.accessLog?.rejected(peer: client, path: path, status: status.code)
            logRejection(status)
        } else {
            server.accessLog?.disconnected(peer: client, path: path, code: CloseCode.abnormal.rawValue)
            server.log.info(
                "websocket closed",
                metadata: place.merging(["code": "1006", "reason": "during the handshake", "client": "\(client)"]))
        }
    }
}
